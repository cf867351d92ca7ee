// SPDX-License-Identifier: Apache-2.0
//! The forms of names in a manifest, the same as hosts and the CMake package ask for.

fn is_word(text: &str, may_start: fn(char) -> bool) -> bool {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    text.starts_with(may_start) && text.chars().all(inner)
}

fn is_lower(c: char) -> bool {
    c.is_ascii_lowercase()
}

fn is_lower_or_digit(c: char) -> bool {
    is_lower(c) || c.is_ascii_digit()
}

pub fn id(text: &str) -> bool {
    text.split('.').all(|word| is_word(word, is_lower_or_digit) && !word.ends_with('-'))
}

pub fn version(text: &str) -> bool {
    let (rest, build) = text.split_once('+').map_or((text, None), |(a, b)| (a, Some(b)));
    let (core, pre) = rest.split_once('-').map_or((rest, None), |(a, b)| (a, Some(b)));
    let tail = |t: &str| {
        !t.is_empty() && t.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-')
    };
    let numbers: Vec<&str> = core.split('.').collect();
    numbers.len() == 3
        && numbers.iter().all(|n| !n.is_empty() && n.chars().all(|c| c.is_ascii_digit()))
        && pre.map_or(true, tail)
        && build.map_or(true, tail)
}

pub fn kind(text: &str) -> bool {
    is_word(text, is_lower)
}

pub fn component(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "_./*?{},-".contains(c))
}

pub fn line(text: &str) -> bool {
    !text.is_empty() && !text.contains('\n')
}

pub fn license(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || ".+() -".contains(c))
}

pub fn code_prefix(text: &str) -> bool {
    text.len() >= 2 && text.chars().all(|c| c.is_ascii_uppercase())
}

pub fn documentation(text: &str) -> bool {
    text.len() > 8 && text.starts_with("https://") && !text.contains([' ', '"', '\\'])
}

pub fn extension(text: &str) -> bool {
    let Some((name, revision)) = text.split_once('/') else { return false };
    name.contains('.')
        && name.split('.').all(|word| is_word(word, is_lower))
        && !revision.is_empty()
        && revision.chars().all(|c| c.is_ascii_digit())
}

/// Hosts judge by the same verbs; a writing action would only be refused later.
const READING: [&str; 13] = [
    "BatchDescribe",
    "BatchGet",
    "Describe",
    "Estimate",
    "Get",
    "Head",
    "List",
    "Lookup",
    "Query",
    "Search",
    "Select",
    "Simulate",
    "View",
];

pub fn action(text: &str) -> bool {
    let Some((service, operation)) = text.split_once(':') else { return false };
    let reads = |verb: &str| {
        operation.strip_prefix(verb).is_some_and(|rest| {
            rest.is_empty()
                || (rest.starts_with(|c: char| c.is_ascii_uppercase())
                    && rest.chars().all(|c| c.is_ascii_alphanumeric()))
        })
    };
    is_word(service, is_lower) && READING.into_iter().any(reads)
}

pub fn check(text: &str) -> bool {
    let words: Vec<&str> = text.split('-').collect();
    let inner = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    words.len() >= 2
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && words.iter().all(|word| !word.is_empty() && word.chars().all(inner))
}

pub fn any(text: &str) -> bool {
    !text.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        for (form, good, bad) in [
            (
                id as fn(&str) -> bool,
                &["guardduty", "com.example.a-b", "3x"][..],
                &["", "A", "a..b", "a-", "-a"][..],
            ),
            (version, &["1.2.3", "1.2.3-rc.1+b"], &["1.2", "1.2.3-", "v1.2.3", "1..3"]),
            (kind, &["guardduty", "a-"], &["", "Guard", "1a", "a.b"]),
            (component, &["security/*", "{a,b}"], &["", "a b"]),
            (
                documentation,
                &["https://example.com/x"],
                &["https://", "http://example.com", "https://a b"],
            ),
            (
                extension,
                &["tfa.value/1", "com.example.x/12"],
                &["value/1", "tfa.value", "tfa.value/", "tfa.Value/1"],
            ),
            (
                action,
                &["guardduty:ListDetectors", "s3:Get", "ec2:DescribeVpcs"],
                &["guardduty:CreateDetector", "ListX", "s3:Getting", "S3:GetX"],
            ),
            (check, &["GD-01", "A1-B-2"], &["GD", "gd-01", "GD-", "1-A"]),
            (code_prefix, &["GD"], &["G", "Gd", "G1"]),
        ] {
            for text in good {
                assert!(form(text), "{text} is good");
            }
            for text in bad {
                assert!(!form(text), "{text} is bad");
            }
        }
    }
}
