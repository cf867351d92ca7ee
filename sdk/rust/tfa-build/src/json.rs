// SPDX-License-Identifier: Apache-2.0
//! JSON as far as manifests need it, so that building a plugin needs no registry.

use std::fmt::Write;

/// One JSON value; members keep their order.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Json>),
    Map(Vec<(String, Json)>),
}

const DEPTH_MAX: usize = 128;

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

/// Parses one JSON text. The error says line, column and what is wrong.
pub fn parse(text: &str) -> Result<Json, String> {
    let mut reader = Reader { text, at: 0, depth: 0 };
    let parsed = reader.value().and_then(|json| {
        reader.blanks();
        if reader.at == text.len() {
            Ok(json)
        } else {
            Err("text after the value".into())
        }
    });
    parsed.map_err(|what| {
        let before = &text[..reader.at];
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        format!("{line}:{column}: not valid JSON: {what}")
    })
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, wanted: &str) -> bool {
        let is_there = self.text[self.at..].starts_with(wanted);
        if is_there {
            self.at += wanted.len();
        }
        is_there
    }

    fn value(&mut self) -> Result<Json, String> {
        self.blanks();
        match self.peek() {
            Some(b'{') => self.nested(Reader::map),
            Some(b'[') => self.nested(Reader::list),
            Some(b'"') => Ok(Json::Text(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ if self.take("true") => Ok(Json::Bool(true)),
            _ if self.take("false") => Ok(Json::Bool(false)),
            _ if self.take("null") => Ok(Json::Null),
            Some(_) => Err("a value is expected".into()),
            None => Err("the text ends too early".into()),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Json, String>) -> Result<Json, String> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(format!("nested deeper than {DEPTH_MAX}"));
        }
        self.at += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    fn map(&mut self) -> Result<Json, String> {
        let mut members: Vec<(String, Json)> = Vec::new();
        self.blanks();
        if self.take("}") {
            return Ok(Json::Map(members));
        }
        loop {
            self.blanks();
            let key = self.string()?;
            if members.iter().any(|member| member.0 == key) {
                return Err(format!("the key \"{key}\" stands there twice"));
            }
            self.blanks();
            if !self.take(":") {
                return Err("a colon is expected".into());
            }
            let value = self.value()?;
            members.push((key, value));
            self.blanks();
            if self.take("}") {
                return Ok(Json::Map(members));
            }
            if !self.take(",") {
                return Err("a comma or } is expected".into());
            }
        }
    }

    fn list(&mut self) -> Result<Json, String> {
        let mut entries = Vec::new();
        self.blanks();
        if self.take("]") {
            return Ok(Json::List(entries));
        }
        loop {
            entries.push(self.value()?);
            self.blanks();
            if self.take("]") {
                return Ok(Json::List(entries));
            }
            if !self.take(",") {
                return Err("a comma or ] is expected".into());
            }
        }
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - start
    }

    fn number(&mut self) -> Result<Json, String> {
        let start = self.at;
        self.take("-");
        let is_zero = self.peek() == Some(b'0');
        let whole = self.digits();
        let mut is_good = whole == 1 || (whole > 1 && !is_zero);
        if self.take(".") {
            is_good &= self.digits() > 0;
        }
        if self.take("e") || self.take("E") {
            let _ = self.take("+") || self.take("-");
            is_good &= self.digits() > 0;
        }
        if is_good {
            Ok(Json::Number(self.text[start..self.at].into()))
        } else {
            Err("malformed number".into())
        }
    }

    fn string(&mut self) -> Result<String, String> {
        if !self.take("\"") {
            return Err("a text in double quotes is expected".into());
        }
        let mut out = String::new();
        loop {
            let Some(c) = self.text[self.at..].chars().next() else {
                return Err("the text ends too early".into());
            };
            self.at += c.len_utf8();
            match c {
                '"' => return Ok(out),
                '\\' => out.push(self.escape()?),
                c if c < ' ' => return Err("a control character in a text".into()),
                c => out.push(c),
            }
        }
    }

    fn escape(&mut self) -> Result<char, String> {
        let c = self.peek().ok_or("the text ends too early")?;
        self.at += 1;
        Ok(match c {
            b'"' | b'\\' | b'/' => char::from(c),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let high = self.hex4()?;
                let code = if (0xD800..0xDC00).contains(&high) && self.take("\\u") {
                    let low = self.hex4()?;
                    0x10000 + ((high - 0xD800) << 10) + (low.wrapping_sub(0xDC00) & 0x3FF)
                } else {
                    high
                };
                char::from_u32(code).ok_or("half a surrogate pair")?
            }
            _ => {
                self.at -= 1;
                return Err("unknown escape".into());
            }
        })
    }

    fn hex4(&mut self) -> Result<u32, String> {
        let digits =
            self.text.get(self.at..self.at + 4).ok_or("four hexadecimal digits are expected")?;
        let code =
            u32::from_str_radix(digits, 16).map_err(|_| "four hexadecimal digits are expected")?;
        self.at += 4;
        Ok(code)
    }
}

/// Adds a text in double quotes.
fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Without white space, members in the order they have.
pub fn write(json: &Json, out: &mut String) {
    match json {
        Json::Null => out.push_str("null"),
        Json::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Json::Number(text) => out.push_str(text),
        Json::Text(text) => write_text(text, out),
        Json::List(entries) => {
            out.push('[');
            for (index, entry) in entries.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(entry, out);
            }
            out.push(']');
        }
        Json::Map(members) => {
            out.push('{');
            for (index, (key, value)) in members.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_text(key, out);
                out.push(':');
                write(value, out);
            }
            out.push('}');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn again(text: &str) -> String {
        let mut out = String::new();
        write(&parse(text).unwrap(), &mut out);
        out
    }

    #[test]
    fn what_is_read_is_written() {
        assert_eq!(
            again(" {\"b\" : [1, -2.5e3, true, null], \"a\": \"\\u00e9\\n\\\"\"} "),
            "{\"b\":[1,-2.5e3,true,null],\"a\":\"é\\n\\\"\"}"
        );
        assert_eq!(again("\"\\ud83d\\ude00\""), "\"\u{1F600}\"");
    }

    #[test]
    fn mistakes_have_a_place() {
        for (text, wanted) in [
            ("{\n  \"a\": 01}", "2:10: not valid JSON: malformed number"),
            ("{\"a\": 1, \"a\": 2}", "1:13: not valid JSON: the key \"a\" stands there twice"),
            ("[1,]", "1:4: not valid JSON: a value is expected"),
            ("{} x", "1:4: not valid JSON: text after the value"),
            ("\"\\ud83d\"", "1:8: not valid JSON: half a surrogate pair"),
            ("\"\\u12\"", "1:4: not valid JSON: four hexadecimal digits are expected"),
            ("", "1:1: not valid JSON: the text ends too early"),
        ] {
            assert_eq!(parse(text).unwrap_err(), wanted, "{text}");
        }
        assert!(parse(&"[".repeat(200)).unwrap_err().contains("nested deeper"));
    }
}
