//! The modules of one crate as its sources declare them, and the names that each module uses.

use std::collections::{BTreeMap, BTreeSet};

use syn::{Attribute, File, Item, Meta, Visibility, visit::Visit};

use crate::paths::{Import, Paths, Segments, imports_of, is_for_tests};

/// One module: a file, or a `mod` with a body inside a file.
pub struct Module {
    /// The file that it stands in.
    pub file: String,
    /// The module that declares it.
    pub parent: Option<usize>,
    children: BTreeMap<String, Vec<usize>>,
    items: BTreeSet<String>,
    imports: BTreeMap<String, Segments>,
    globs: Vec<Segments>,
    /// What its code and its private imports name. A `pub use` is not among them: handing a name on is not using it.
    pub used: Vec<Segments>,
}

/// The modules of a crate; the first one is its root.
pub struct Crate {
    /// All of them.
    pub modules: Vec<Module>,
}

/// The names that are being looked up, each with its module and whether it ends its path.
type Open = BTreeSet<(usize, String, bool)>;

/// What a name stands for.
enum Named {
    Module(usize),
    /// Something that this module defines.
    Item(usize),
}

impl Crate {
    /// Reads the crate whose root is the file `root`. `text` gives the text of a file, if there is one.
    ///
    /// # Panics
    /// When a file is not Rust, or a module has no file: a rule that reads half of a crate would hold for nothing.
    pub fn read(root: &str, text: &dyn Fn(&str) -> Option<String>) -> Self {
        let mut read = Self { modules: Vec::new() };
        let source = text(root).unwrap_or_else(|| panic!("there is no {root}"));
        let folder = root.rsplit_once('/').map_or("", |(folder, _)| folder);
        read.add(parse(root, &source).items, root, folder, None, text);
        read
    }

    /// Adds a module with what it holds. Its child modules lie in `folder`.
    fn add(
        &mut self,
        items: Vec<Item>,
        file: &str,
        folder: &str,
        parent: Option<usize>,
        text: &dyn Fn(&str) -> Option<String>,
    ) -> usize {
        let id = self.modules.len();
        self.modules.push(Module {
            file: file.to_owned(),
            parent,
            children: BTreeMap::new(),
            items: BTreeSet::new(),
            imports: BTreeMap::new(),
            globs: Vec::new(),
            used: Vec::new(),
        });
        for item in items {
            if is_for_tests(attributes(&item)) {
                continue;
            }
            if let Item::Mod(declared) = item {
                let name = declared.ident.to_string();
                let child = match declared.content {
                    Some((_, items)) => self.add(items, file, &join(folder, &name), Some(id), text),
                    None => {
                        let file = file_of(&name, (file, folder), &declared.attrs, text);
                        let source = text(&file).unwrap_or_else(|| panic!("there is no {file}"));
                        let folder = match file.rsplit_once('/') {
                            Some((folder, "mod.rs")) => folder.to_owned(),
                            _ => file.trim_end_matches(".rs").to_owned(),
                        };
                        self.add(parse(&file, &source).items, &file, &folder, Some(id), text)
                    }
                };
                self.modules[id].children.entry(name).or_default().push(child);
            } else {
                self.note(id, &item);
            }
        }
        id
    }

    /// Notes what an item defines, imports and uses.
    fn note(&mut self, id: usize, item: &Item) {
        let module = &mut self.modules[id];
        module.items.extend(name_of(item));
        let mut paths = Paths::default();
        match item {
            Item::Use(import) => paths.imports = imports_of(&import.tree, !is_private(&import.vis)),
            item => paths.visit_item(item),
        }
        module.used.extend(paths.used);
        for Import { name, path, handed_on } in paths.imports {
            match name {
                Some(name) => {
                    module.imports.entry(name).or_insert_with(|| path.clone());
                    if !handed_on {
                        module.used.push(path);
                    }
                }
                None => {
                    // All of an enum's variants; what comes out of a module is counted where it is named.
                    if !handed_on {
                        module.used.push(path.clone());
                    }
                    module.globs.push(path);
                }
            }
        }
    }

    /// The file that defines what `path` names in this module; none for another crate's things and for whole modules.
    pub fn file_of(&self, module: usize, path: &[String]) -> Option<&str> {
        match self.resolve(module, path, &mut BTreeSet::new())? {
            Named::Item(at) => Some(&self.modules[at].file),
            Named::Module(_) => None,
        }
    }

    fn resolve(&self, from: usize, path: &[String], open: &mut Open) -> Option<Named> {
        let mut at = from;
        for (n, segment) in path.iter().enumerate() {
            at = match segment.as_str() {
                "crate" if n == 0 => 0,
                "self" if n == 0 => from,
                "super" => self.modules[at].parent?,
                name => match self.look_up(at, name, n + 1 == path.len(), open)? {
                    Named::Module(child) => child,
                    // What follows are its variants, functions and constants.
                    item @ Named::Item(_) => return Some(item),
                },
            };
        }
        Some(Named::Module(at))
    }

    /// What `name` stands for inside of a module. A module and a function may bear one name: the last segment of a path is the
    /// function, any other one the module.
    fn look_up(&self, at: usize, name: &str, is_last: bool, open: &mut Open) -> Option<Named> {
        // A name that leads to itself leads to another crate: `use time::Date` where `time` is no module of ours.
        let step = (at, name.to_owned(), is_last);
        if !open.insert(step.clone()) {
            return None;
        }
        let module = &self.modules[at];
        let item = module.items.contains(name).then_some(Named::Item(at));
        let child = module.children.get(name).map(|children| Named::Module(children[0]));
        let found =
            if is_last { item.or_else(|| self.imported(at, name, true, open)).or(child) } else { child.or(item) };
        let found = found.or_else(|| self.imported(at, name, is_last, open));
        open.remove(&step);
        found
    }

    fn imported(&self, at: usize, name: &str, is_last: bool, open: &mut Open) -> Option<Named> {
        let module = &self.modules[at];
        let by_name = module.imports.get(name).and_then(|path| self.resolve(at, path, open));
        by_name.or_else(|| {
            module.globs.iter().find_map(|glob| match self.resolve(at, glob, open)? {
                Named::Module(inside) => self.look_up(inside, name, is_last, open),
                Named::Item(_) => None,
            })
        })
    }
}

fn parse(path: &str, source: &str) -> File {
    syn::parse_file(source).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// Where a module without a body lies, whose parent stands in `file` and has its children in `folder`.
fn file_of(
    name: &str,
    (file, folder): (&str, &str),
    attributes: &[Attribute],
    text: &dyn Fn(&str) -> Option<String>,
) -> String {
    let named = attributes.iter().find(|attribute| attribute.path().is_ident("path"));
    if let Some(Meta::NameValue(path)) = named.map(|attribute| &attribute.meta)
        && let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(path), .. }) = &path.value
    {
        let mut folders: Vec<&str> = file.split('/').collect();
        folders.pop();
        let path = path.value();
        for step in path.split('/') {
            match step {
                ".." => drop(folders.pop()),
                step => folders.push(step),
            }
        }
        return folders.join("/");
    }
    let beside = join(folder, &format!("{name}.rs"));
    if text(&beside).is_some() { beside } else { join(folder, &format!("{name}/mod.rs")) }
}

fn is_private(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Inherited)
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn name_of(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}
