//! The paths that a piece of code names: in types, expressions and patterns, in macros, in serde's attributes.

use proc_macro2::{TokenStream, TokenTree};
use syn::{
    Attribute, ImplItemFn, ItemFn, ItemUse, LitStr, Macro, Meta, Path, UseTree, Visibility,
    visit::{self, Visit},
};

/// A path that is used, segment by segment: `crate::step::step` has three.
pub type Segments = Vec<String>;

/// One name that a `use` brings in.
pub struct Import {
    /// The name; `None`: everything that the path holds (`*`).
    pub name: Option<String>,
    /// Where it comes from.
    pub path: Segments,
    /// It is a `pub use`.
    pub handed_on: bool,
}

/// Collects paths while it visits code.
#[derive(Default)]
pub struct Paths {
    /// Every path that is named.
    pub used: Vec<Segments>,
    /// What is imported inside of functions.
    pub imports: Vec<Import>,
}

impl Paths {
    /// A macro gets its words unread, so its paths are found by their signs: `a::b`, and a single word that begins with a capital
    /// letter or is called.
    fn read_tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let sign = |at: usize, sign: char| matches!(tokens.get(at), Some(TokenTree::Punct(p)) if p.as_char() == sign);
        let mut at = 0;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Group(group) => self.read_tokens(group.stream()),
                TokenTree::Ident(first) => {
                    let follows_dot = at > 0 && sign(at - 1, '.');
                    let mut path = vec![first.to_string()];
                    while sign(at + 1, ':') && sign(at + 2, ':') {
                        let Some(TokenTree::Ident(next)) = tokens.get(at + 3) else { break };
                        path.push(next.to_string());
                        at += 3;
                    }
                    let is_type = path[0].starts_with(char::is_uppercase);
                    let is_called = matches!(tokens.get(at + 1), Some(TokenTree::Group(_))) || sign(at + 1, '!');
                    if !follows_dot && (path.len() > 1 || is_type || is_called) {
                        self.used.push(path);
                    }
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
            at += 1;
        }
    }
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_path(&mut self, path: &'ast Path) {
        if path.leading_colon.is_none() {
            self.used.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &'ast Macro) {
        self.visit_path(&called.path);
        self.read_tokens(called.tokens.clone());
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if attribute.path().is_ident("serde")
            && let Ok(list) = attribute.meta.require_list()
        {
            for token in list.tokens.clone() {
                if let TokenTree::Literal(literal) = token
                    && let Ok(text) = syn::parse_str::<LitStr>(&literal.to_string())
                    && let Ok(path) = text.parse::<Path>()
                {
                    self.visit_path(&path.clone());
                }
            }
        }
    }

    // The path in `pub(in a::b)` says who may use a thing, and uses nothing.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}

    fn visit_item_use(&mut self, import: &'ast ItemUse) {
        if !is_for_tests(&import.attrs) {
            self.imports.extend(imports_of(&import.tree, false));
        }
    }

    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        if !is_for_tests(&function.attrs) {
            visit::visit_item_fn(self, function);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        if !is_for_tests(&function.attrs) {
            visit::visit_impl_item_fn(self, function);
        }
    }
}

/// The names that a `use` brings in, with their paths.
pub fn imports_of(tree: &UseTree, handed_on: bool) -> Vec<Import> {
    fn walk(tree: &UseTree, above: &[String], found: &mut Vec<(Option<String>, Segments)>) {
        let below = |name: String| above.iter().cloned().chain([name]).collect::<Segments>();
        match tree {
            UseTree::Path(path) => walk(&path.tree, &below(path.ident.to_string()), found),
            UseTree::Name(name) if name.ident == "self" => found.push((above.last().cloned(), above.to_vec())),
            UseTree::Name(name) => found.push((Some(name.ident.to_string()), below(name.ident.to_string()))),
            UseTree::Rename(name) if name.ident == "self" => {
                found.push((Some(name.rename.to_string()), above.to_vec()));
            }
            UseTree::Rename(name) => found.push((Some(name.rename.to_string()), below(name.ident.to_string()))),
            UseTree::Glob(_) => found.push((None, above.to_vec())),
            UseTree::Group(group) => group.items.iter().for_each(|tree| walk(tree, above, found)),
        }
    }
    let mut found = Vec::new();
    walk(tree, &[], &mut found);
    found.into_iter().map(|(name, path)| Import { name, path, handed_on }).collect()
}

/// Whether `#[cfg(test)]`, or a condition that includes it, stands above something.
pub fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg") => list.parse_args().is_ok_and(|meta: Meta| wants_test(&meta)),
        _ => false,
    })
}

fn wants_test(meta: &Meta) -> bool {
    match meta {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) if list.path.is_ident("all") => {
            let parse = syn::punctuated::Punctuated::<Meta, syn::Token![,]>::parse_terminated;
            list.parse_args_with(parse).is_ok_and(|parts| parts.iter().any(wants_test))
        }
        _ => false,
    }
}
