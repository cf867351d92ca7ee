// SPDX-License-Identifier: Apache-2.0
//! Reads and checks a manifest, and writes identity and catalogue in their canonical form.

use crate::json::{self, Json};
use crate::pattern;

/// What the rest of the build needs of a manifest.
pub struct Manifest {
    pub id: String,
    pub version: String,
    pub abi_minor: u32,
    pub codes: Vec<String>,
    pub checks: Vec<String>,
    pub identity: String,
    pub catalogue: String,
}

const NEWEST_MINOR: u32 = 0;
const SERVICES: [&str; 8] = [
    "tfa.value/1",
    "tfa.build/1",
    "tfa.diag/1",
    "tfa.log/1",
    "tfa.call/1",
    "tfa.lookup/1",
    "tfa.clock/1",
    "tfa.aws/1",
];
const OFFERS: [&str; 4] = ["tfa.component/1", "tfa.check/1", "tfa.review/1", "tfa.plan/1"];
const ACTION_FORM: &str = "an IAM action that only reads (guardduty:ListDetectors)";
const EXTENSION_FORM: &str = "an extension id (tfa.value/1)";

type Form = fn(&str) -> bool;

/// One object of the manifest with the key it stands under, for messages.
struct Object<'a> {
    members: &'a [(String, Json)],
    path: String,
}

fn type_name(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "a bool",
        Json::Number(_) => "a number",
        Json::Text(_) => "a text",
        Json::List(_) => "a list",
        Json::Map(_) => "an object",
    }
}

fn object<'a>(json: &'a Json, path: String) -> Result<Object<'a>, String> {
    match json {
        Json::Map(members) => Ok(Object { members, path }),
        other => Err(format!("{path}: must be an object, found {}", type_name(other))),
    }
}

impl<'a> Object<'a> {
    fn at(&self, key: &str) -> String {
        if self.path.is_empty() {
            key.into()
        } else {
            format!("{}.{key}", self.path)
        }
    }

    fn find(&self, key: &str) -> Option<&'a Json> {
        self.members.iter().find(|member| member.0 == key).map(|member| &member.1)
    }

    fn get(&self, key: &str) -> Result<&'a Json, String> {
        self.find(key).ok_or_else(|| format!("{}: is missing", self.at(key)))
    }

    fn only(&self, known: &[&str]) -> Result<(), String> {
        match self.members.iter().find(|member| !known.contains(&member.0.as_str())) {
            Some(member) => {
                Err(format!("{}: unknown key; known are {}", self.at(&member.0), known.join(", ")))
            }
            None => Ok(()),
        }
    }

    fn text(&self, key: &str, form: Form, expected: &str) -> Result<String, String> {
        match self.get(key)? {
            Json::Text(text) if form(text) => Ok(text.clone()),
            Json::Text(text) => Err(format!("{}: \"{text}\" is not {expected}", self.at(key))),
            other => Err(format!("{}: must be a text, found {}", self.at(key), type_name(other))),
        }
    }

    fn whole(&self, key: &str) -> Result<u32, String> {
        match self.get(key)? {
            Json::Number(text) => text
                .parse()
                .map_err(|_| format!("{}: must be a whole number, found {text}", self.at(key))),
            other => Err(format!("{}: must be a number, found {}", self.at(key), type_name(other))),
        }
    }

    /// An optional deadline.
    fn seconds(&self, key: &str) -> Result<Option<u32>, String> {
        if self.find(key).is_none() {
            return Ok(None);
        }
        match self.whole(key)? {
            seconds @ 1..=3600 => Ok(Some(seconds)),
            other => Err(format!(
                "{}: {other} is not a whole number of seconds from 1 to 3600",
                self.at(key)
            )),
        }
    }

    fn list(&self, key: &str) -> Result<&'a [Json], String> {
        match self.find(key) {
            None => Ok(&[]),
            Some(Json::List(entries)) => Ok(entries),
            Some(other) => {
                Err(format!("{}: must be a list, found {}", self.at(key), type_name(other)))
            }
        }
    }

    /// Texts of one form without repetition, sorted.
    fn texts(&self, key: &str, form: Form, expected: &str) -> Result<Vec<String>, String> {
        let mut found: Vec<String> = Vec::new();
        for (index, entry) in self.list(key)?.iter().enumerate() {
            let at = format!("{}[{index}]", self.at(key));
            match entry {
                Json::Text(text) if !form(text) => {
                    return Err(format!("{at}: \"{text}\" is not {expected}"))
                }
                Json::Text(text) if found.contains(text) => {
                    return Err(format!("{at}: \"{text}\" stands there twice"))
                }
                Json::Text(text) => found.push(text.clone()),
                other => return Err(format!("{at}: must be a text, found {}", type_name(other))),
            }
        }
        found.sort();
        Ok(found)
    }

    fn some_texts(&self, key: &str, form: Form, expected: &str) -> Result<Vec<String>, String> {
        let found = self.texts(key, form, expected)?;
        if found.is_empty() {
            return Err(format!("{}: needs at least one entry: {expected}", self.at(key)));
        }
        Ok(found)
    }
}

/// Refuses ids of ours that do not exist; those of third parties pass.
fn check_known(ids: &[String], known: &[&str], path: &str) -> Result<(), String> {
    match ids.iter().find(|id| id.starts_with("tfa.") && !known.contains(&id.as_str())) {
        Some(id) => Err(format!(
            "{path}: \"{id}\" is not an extension of this SDK; known are {}",
            known.join(", ")
        )),
        None => Ok(()),
    }
}

fn text_json(text: &str) -> Json {
    Json::Text(text.into())
}

fn list_json(texts: &[String]) -> Json {
    Json::List(texts.iter().map(|text| text_json(text)).collect())
}

fn map_json(members: Vec<(&str, Json)>) -> Json {
    Json::Map(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
}

fn number_json(number: u32) -> Json {
    Json::Number(number.to_string())
}

/// The deadlines the plugin asks for, when it has the key.
fn read_deadlines(manifest: &Object, has_checks: bool) -> Result<Option<Json>, String> {
    let Some(json) = manifest.find("deadlines") else { return Ok(None) };
    let deadlines = object(json, "deadlines".into())?;
    deadlines.only(&["callback_seconds", "check_seconds"])?;
    let mut members = Vec::new();
    for key in ["callback_seconds", "check_seconds"] {
        if let Some(seconds) = deadlines.seconds(key)? {
            members.push((key, number_json(seconds)));
        }
    }
    if deadlines.find("check_seconds").is_some() && !has_checks {
        return Err("deadlines.check_seconds: needs tfa.check/1 among provides".into());
    }
    Ok(Some(map_json(members)))
}

/// The prefix and four digits.
fn is_code(code: &str, prefix: &str) -> bool {
    let digits = code.strip_prefix(prefix).unwrap_or("");
    digits.len() == 4 && digits.chars().all(|c| c.is_ascii_digit())
}

/// What the plugin once declared stays away; for the author alone, not in the notes.
fn check_retired(manifest: &Object, prefix: &str, declared: &[&String]) -> Result<(), String> {
    for code in &manifest.texts("retired", pattern::any, "a text")? {
        if !is_code(code, prefix) && !pattern::check(code) {
            return Err(format!("retired: \"{code}\" is not a code or the id of a check"));
        }
        if declared.contains(&code) {
            return Err(format!(
                "retired: \"{code}\" is declared again; codes and checks are never used again"
            ));
        }
    }
    Ok(())
}

/// The codes by name, each as the object of the catalogue.
fn read_codes(manifest: &Object, prefix: &str) -> Result<Vec<(String, Json)>, String> {
    let mut codes: Vec<(String, Json)> = Vec::new();
    manifest.get("codes")?;
    for (index, entry) in manifest.list("codes")?.iter().enumerate() {
        let one = object(entry, format!("codes[{index}]"))?;
        one.only(&["code", "severity", "title", "cause", "fix"])?;
        let code = one.text("code", pattern::any, "a code")?;
        if !is_code(&code, prefix) {
            return Err(format!(
                "{}: \"{code}\" is not the code_prefix and four digits ({prefix}0001)",
                one.at("code")
            ));
        }
        if codes.iter().any(|known| known.0 == code) {
            return Err(format!(
                "{}: \"{code}\" stands there twice; codes are never used again",
                one.at("code")
            ));
        }
        let is_severity: Form = |text| ["error", "warning", "info", "hint"].contains(&text);
        let severity = one.text("severity", is_severity, "one of error, warning, info, hint")?;
        let mut members = vec![("code", text_json(&code)), ("severity", text_json(&severity))];
        for key in ["title", "cause", "fix"] {
            members.push((key, text_json(&one.text(key, pattern::any, "a text")?)));
        }
        codes.push((code, map_json(members)));
    }
    codes.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(codes)
}

fn read_checks(
    manifest: &Object,
    codes: &[(String, Json)],
    actions: &[String],
) -> Result<Vec<(String, Json)>, String> {
    let mut checks: Vec<(String, Json)> = Vec::new();
    for (index, entry) in manifest.list("checks")?.iter().enumerate() {
        let one = object(entry, format!("checks[{index}]"))?;
        one.only(&["id", "title", "code", "actions", "check_seconds"])?;
        let id = one.text(
            "id",
            pattern::check,
            "upper-case words and digits joined by hyphens (GD-01)",
        )?;
        if checks.iter().any(|known| known.0 == id) {
            return Err(format!("{}: \"{id}\" stands there twice", one.at("id")));
        }
        let mut members = vec![
            ("id", text_json(&id)),
            ("title", text_json(&one.text("title", pattern::any, "a text")?)),
        ];
        if one.find("code").is_some() {
            let code = one.text("code", pattern::any, "a code")?;
            if !codes.iter().any(|known| known.0 == code) {
                return Err(format!("{}: \"{code}\" is not among codes", one.at("code")));
            }
            members.push(("code", text_json(&code)));
        }
        let needed = one.texts("actions", pattern::action, ACTION_FORM)?;
        if let Some(action) = needed.iter().find(|action| !actions.contains(action)) {
            return Err(format!("{}: \"{action}\" is not among aws_actions", one.at("actions")));
        }
        members.push(("actions", list_json(&needed)));
        if let Some(seconds) = one.seconds("check_seconds")? {
            members.push(("check_seconds", number_json(seconds)));
        }
        checks.push((id, map_json(members)));
    }
    checks.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(checks)
}

fn read_abi(manifest: &Object) -> Result<u32, String> {
    let abi = object(manifest.get("abi")?, "abi".into())?;
    abi.only(&["major", "minor"])?;
    let (major, minor) = (abi.whole("major")?, abi.whole("minor")?);
    if major != 1 {
        return Err(format!("abi.major: this SDK builds plugins of major 1, found {major}"));
    }
    if minor > NEWEST_MINOR {
        return Err(format!("abi.minor: this SDK knows minor {NEWEST_MINOR}, found {minor}"));
    }
    Ok(minor)
}

/// Checks a manifest; the error starts with the place or the key.
pub fn read(text: &str) -> Result<Manifest, String> {
    let whole = json::parse(text)?;
    let manifest = object(&whole, String::new())?;
    manifest.only(&[
        "$schema",
        "id",
        "version",
        "abi",
        "kinds",
        "components",
        "summary",
        "license",
        "code_prefix",
        "documentation",
        "extensions",
        "provides",
        "aws_actions",
        "deadlines",
        "checks",
        "codes",
        "retired",
    ])?;
    let id = manifest.text(
        "id",
        pattern::id,
        "lower-case words joined by hyphens and dots (guardduty, com.example.audit)",
    )?;
    if id.len() > 64 {
        return Err("id: is longer than 64 characters".into());
    }
    let version = manifest.text("version", pattern::version, "a version (1.2.3)")?;
    let abi_minor = read_abi(&manifest)?;
    let kinds = manifest.some_texts("kinds", pattern::kind, "a kind (guardduty)")?;
    let components = manifest.texts(
        "components",
        pattern::component,
        "a glob of root modules (guardduty, security/*)",
    )?;
    let summary = manifest.text("summary", pattern::line, "one line")?;
    let license = manifest.text("license", pattern::license, "an SPDX expression (Apache-2.0)")?;
    let prefix =
        manifest.text("code_prefix", pattern::code_prefix, "two or more capital letters (GD)")?;
    let documentation =
        manifest.text("documentation", pattern::documentation, "an https address")?;
    let extensions = object(manifest.get("extensions")?, "extensions".into())?;
    extensions.only(&["required", "optional"])?;
    let required = extensions.texts("required", pattern::extension, EXTENSION_FORM)?;
    let optional = extensions.texts("optional", pattern::extension, EXTENSION_FORM)?;
    let provides = manifest.some_texts("provides", pattern::extension, EXTENSION_FORM)?;
    check_known(&required, &SERVICES, "extensions")?;
    check_known(&optional, &SERVICES, "extensions")?;
    check_known(&provides, &OFFERS, "provides")?;
    let actions = manifest.texts("aws_actions", pattern::action, ACTION_FORM)?;
    let has_aws =
        [&required, &optional].iter().any(|list| list.iter().any(|ext| ext == "tfa.aws/1"));
    if !actions.is_empty() && !has_aws {
        return Err("aws_actions: needs tfa.aws/1 among extensions".into());
    }
    let codes = read_codes(&manifest, &prefix)?;
    let checks = read_checks(&manifest, &codes, &actions)?;
    let declared: Vec<&String> = codes.iter().chain(&checks).map(|one| &one.0).collect();
    check_retired(&manifest, &prefix, &declared)?;
    let offers_checks = provides.iter().any(|ext| ext == "tfa.check/1");
    let deadlines = read_deadlines(&manifest, offers_checks)?;
    if offers_checks == checks.is_empty() {
        return Err(if offers_checks {
            "provides: offers tfa.check/1, but checks is empty".into()
        } else {
            "checks: needs tfa.check/1 among provides".into()
        });
    }

    let mut members = vec![
        ("abi", map_json(vec![("major", number_json(1)), ("minor", number_json(abi_minor))])),
        ("aws_actions", list_json(&actions)),
        ("code_prefix", text_json(&prefix)),
        ("components", list_json(&components)),
        ("documentation", text_json(&documentation)),
        (
            "extensions",
            map_json(vec![("optional", list_json(&optional)), ("required", list_json(&required))]),
        ),
        ("id", text_json(&id)),
        ("kinds", list_json(&kinds)),
        ("license", text_json(&license)),
        ("provides", list_json(&provides)),
        ("summary", text_json(&summary)),
        ("version", text_json(&version)),
    ];
    if let Some(deadlines) = deadlines {
        // The keys stand in order.
        members.insert(4, ("deadlines", deadlines));
    }
    let identity = map_json(members);
    let objects =
        |all: &[(String, Json)]| Json::List(all.iter().map(|one| one.1.clone()).collect());
    let catalogue = map_json(vec![("checks", objects(&checks)), ("codes", objects(&codes))]);
    let names = |all: &[(String, Json)]| all.iter().map(|one| one.0.clone()).collect();
    let written = |json: &Json| {
        let mut out = String::new();
        json::write(json, &mut out);
        out
    };
    Ok(Manifest {
        id,
        version,
        abi_minor,
        codes: names(&codes),
        checks: names(&checks),
        identity: written(&identity),
        catalogue: written(&catalogue),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"id":"com.example.x","version":"0.1.0","abi":{"major":1,"minor":0},
        "kinds":["x"],"summary":"s","license":"MIT","code_prefix":"XX","documentation":"https://example.com/x",
        "extensions":{"required":["tfa.value/1","tfa.aws/1"],"optional":[]},"provides":["tfa.check/1"],
        "aws_actions":["s3:ListBuckets"],
        "codes":[{"code":"XX0001","severity":"error","title":"t","cause":"c","fix":"f"}],
        "checks":[{"id":"XX-01","title":"t","code":"XX0001","actions":["s3:ListBuckets"]}]}"#;

    #[test]
    fn a_good_one_becomes_canonical() {
        let manifest = read(GOOD).unwrap();
        assert_eq!(manifest.codes, ["XX0001"]);
        assert_eq!(manifest.checks, ["XX-01"]);
        assert!(manifest.identity.starts_with(
            "{\"abi\":{\"major\":1,\"minor\":0},\"aws_actions\":[\"s3:ListBuckets\"],"
        ));
        assert!(manifest.identity.contains("\"required\":[\"tfa.aws/1\",\"tfa.value/1\"]"));
        assert!(manifest.catalogue.starts_with(
            "{\"checks\":[{\"id\":\"XX-01\",\"title\":\"t\",\"code\":\"XX0001\",\"actions\":"
        ));
    }

    #[test]
    fn deadlines_are_written_in_their_place() {
        let text = GOOD
            .replace(
                "\"codes\":",
                "\"deadlines\":{\"check_seconds\":300,\"callback_seconds\":30},\"codes\":",
            )
            .replace("[\"s3:ListBuckets\"]}]}", "[\"s3:ListBuckets\"],\"check_seconds\":900}]}");
        let manifest = read(&text).unwrap();
        assert!(manifest.identity.contains(
            "\"components\":[],\"deadlines\":{\"callback_seconds\":30,\"check_seconds\":300},\"documentation\""
        ));
        assert!(manifest
            .catalogue
            .contains("\"actions\":[\"s3:ListBuckets\"],\"check_seconds\":900}]"));
    }

    #[test]
    fn every_mistake_names_its_key() {
        for (from, to, wanted) in [
            ("\"com.example.x\"", "\"Com\"", "id: \"Com\" is not lower-case words"),
            ("\"0.1.0\"", "\"1\"", "version: \"1\" is not a version"),
            (
                "\"major\":1",
                "\"major\":2",
                "abi.major: this SDK builds plugins of major 1, found 2",
            ),
            ("\"minor\":0", "\"minor\":7", "abi.minor: this SDK knows minor 0, found 7"),
            ("[\"x\"]", "[]", "kinds: needs at least one entry"),
            ("\"summary\":\"s\",", "", "summary: is missing"),
            (
                "\"tfa.value/1\"",
                "\"tfa.valve/1\"",
                "extensions: \"tfa.valve/1\" is not an extension",
            ),
            (
                "s3:ListBuckets\"],\n",
                "s3:DeleteBucket\"],\n",
                "aws_actions[0]: \"s3:DeleteBucket\" is not an IAM action",
            ),
            ("\"tfa.aws/1\"", "\"tfa.log/1\"", "aws_actions: needs tfa.aws/1 among extensions"),
            (
                "{\"code\":\"XX0001\"",
                "{\"code\":\"YY0001\"",
                "codes[0].code: \"YY0001\" is not the code_prefix",
            ),
            (
                "\"severity\":\"error\"",
                "\"severity\":\"bad\"",
                "codes[0].severity: \"bad\" is not one of",
            ),
            (
                "\"code\":\"XX0001\",\"actions\"",
                "\"code\":\"XX0002\",\"actions\"",
                "checks[0].code: \"XX0002\" is not among codes",
            ),
            ("\"tfa.check/1\"", "\"tfa.component/1\"", "checks: needs tfa.check/1 among provides"),
            ("\"license\"", "\"licence\":1,\"license\"", "licence: unknown key"),
            (
                "\"license\"",
                "\"retired\":[\"XX0002\",\"XX-01\"],\"license\"",
                "retired: \"XX-01\" is declared again",
            ),
            (
                "\"license\"",
                "\"retired\":[\"YY0002\"],\"license\"",
                "retired: \"YY0002\" is not a code or the id of a check",
            ),
            (
                "\"license\"",
                "\"deadlines\":{\"callback_seconds\":0},\"license\"",
                "deadlines.callback_seconds: 0 is not a whole number of seconds from 1 to 3600",
            ),
            (
                "\"license\"",
                "\"deadlines\":{\"checks\":9},\"license\"",
                "deadlines.checks: unknown key",
            ),
            (
                "\"title\":\"t\",\"code\":\"XX0001\"",
                "\"title\":\"t\",\"check_seconds\":3601,\"code\":\"XX0001\"",
                "checks[0].check_seconds: 3601 is not a whole number of seconds",
            ),
        ] {
            assert!(GOOD.contains(from), "{from}");
            let error = read(&GOOD.replacen(from, to, 1)).err().expect(wanted);
            assert!(error.starts_with(wanted), "{error} instead of {wanted}");
        }
    }
}
