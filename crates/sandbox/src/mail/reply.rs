//! Replies of SMTP: a code, an enhanced code, words.

/// What the server says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reply {
    code: u16,
    lines: Vec<String>,
}

impl Reply {
    /// With an enhanced status code (RFC 3463), such as `5.1.1`.
    pub(super) fn new(code: u16, enhanced: &str, words: &str) -> Self {
        Self { code, lines: vec![format!("{enhanced} {words}")] }
    }

    /// Greetings and prompts bear none.
    pub(super) fn plain(code: u16, lines: &[&str]) -> Self {
        Self { code, lines: lines.iter().map(|line| (*line).to_owned()).collect() }
    }

    /// As it goes over the wire.
    pub(super) fn octets(&self) -> Vec<u8> {
        let last = self.lines.len().saturating_sub(1);
        let line = |(at, words)| format!("{}{}{words}\r\n", self.code, if at == last { ' ' } else { '-' });
        self.lines.iter().enumerate().map(line).collect::<String>().into_bytes()
    }

    /// For the protocol log: the codes without the words.
    pub(super) fn short(&self) -> String {
        let enhanced = self.lines.first().and_then(|line| line.split(' ').next());
        let enhanced = enhanced.filter(|code| code.split('.').count() == 3);
        enhanced.map_or_else(|| self.code.to_string(), |enhanced| format!("{} {enhanced}", self.code))
    }

    /// An error of either kind.
    pub(super) fn is_refusal(&self) -> bool {
        self.code >= 400
    }
}
