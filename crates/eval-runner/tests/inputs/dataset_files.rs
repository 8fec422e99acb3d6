//! Datasets in files, and files that are none.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process,
};

use probity_eval_runner::dataset::{Dataset, DatasetError, Format, Source};

/// A folder that goes away with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = env::temp_dir().join(format!("probity-{name}-{}", process::id()));
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, content).expect("a file");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn error(path: impl AsRef<Path>) -> DatasetError {
    Dataset::<u8>::read(path).expect_err("no dataset")
}

#[test]
fn a_file_is_read_by_its_ending_or_as_told() {
    let folder = Folder::new("endings");
    let jsonl = "{\"id\": \"a\", \"input\": 1}\n";
    for (name, content) in [
        ("cases.jsonl", jsonl),
        ("cases.NDJSON", jsonl),
        ("cases.csv", "id,input\na,1\n"),
        ("cases.toml", "[[cases]]\nid = \"a\"\ninput = 1\n"),
        ("cases.yaml", "- {id: a, input: 1}\n"),
        ("cases.yml", "- {id: a, input: 1}\n"),
    ] {
        let path = folder.file(name, content);
        let dataset: Dataset<u8> = Dataset::read(&path).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(dataset.cases()[0].input, 1, "{name}");
        assert_eq!(*dataset.origin("a").unwrap().source, Source::File(path), "{name}");
    }
    let other = folder.file("cases.txt", jsonl);
    assert_eq!(
        error(&other).to_string(),
        format!(
            "{} has none of the endings of datasets: .jsonl, .ndjson, .csv, .toml, .yaml, .yml",
            other.display()
        )
    );
    let dataset: Dataset<u8> = Dataset::read_as(&other, Format::Jsonl).unwrap();
    let origin = dataset.origin("a").unwrap().to_string();
    assert_eq!(origin, format!("{}:1", other.display()));
}

#[test]
fn problems_in_a_file_are_places_that_editors_open() {
    let folder = Folder::new("places");
    let path = folder.file("cases.jsonl", "{\"id\": \"a\", \"input\": 300}\n{\"id\": \"a\"}\n");
    let shown = path.display();
    assert_eq!(
        error(&path).to_string(),
        format!(
            "{shown} cannot be read as cases:\n  \
             {shown}:1:24: input: invalid value: integer `300`, expected u8\n  \
             {shown}:2:11: the field \"input\" is missing"
        )
    );
}

#[test]
fn a_file_that_does_not_exist_is_answered_with_those_that_do() {
    let folder = Folder::new("missing");
    folder.file("airline.jsonl", "");
    let path = folder.0.join("airlin.jsonl");
    assert_eq!(
        error(&path).to_string(),
        format!("{} does not exist; there is airline.jsonl", path.display())
    );
    let nowhere = folder.0.join("no/such/folder.jsonl");
    assert_eq!(error(&nowhere).to_string(), format!("{} does not exist", nowhere.display()));
    let relative = error("no-such-folder/cases.jsonl").to_string();
    let here = env::current_dir().unwrap();
    let expected = format!("no-such-folder/cases.jsonl does not exist below {}", here.display());
    assert_eq!(relative, expected);
}

#[test]
fn a_folder_is_no_file() {
    let folder = Folder::new("folder.jsonl");
    assert_eq!(
        error(&folder.0).to_string(),
        format!("{} is a folder, not a file of cases", folder.0.display())
    );
}

#[test]
fn text_of_another_encoding_is_told_apart() {
    let folder = Folder::new("encoding");
    let latin = b"{\"id\": \"a\", \"input\": 1}\n\xe9\n\xe9t\xe9\n";
    let path = folder.file("latin.jsonl", latin);
    let shown = path.display();
    assert_eq!(
        error(&path).to_string(),
        format!(
            "{shown} is not UTF-8 text: 2 lines hold bytes of another encoding, the first of them is 2"
        )
    );
    let path = folder.file("one.csv", b"id,input\na,\xff\n");
    let shown = path.display();
    assert_eq!(
        error(&path).to_string(),
        format!("{shown} is not UTF-8 text: line 2 holds bytes of another encoding")
    );
    let utf16: Vec<u8> = "\u{feff}id,input\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let path = folder.file("utf16.csv", utf16);
    assert_eq!(
        error(&path).to_string(),
        format!("{} is not UTF-8 text: it is UTF-16; save it as UTF-8", path.display())
    );
}

#[test]
fn an_empty_file_has_no_cases() {
    let folder = Folder::new("empty");
    for name in ["a.jsonl", "a.csv", "a.toml", "a.yaml"] {
        let path = folder.file(name, "");
        assert_eq!(error(&path).to_string(), format!("{} has no cases", path.display()));
    }
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_has_its_reason_as_its_source() {
    use std::{error::Error as _, os::unix::fs::symlink};

    let folder = Folder::new("unreadable");
    let path = folder.0.join("loop.jsonl");
    symlink(&path, &path).unwrap();
    let error = error(&path);
    assert_eq!(error.to_string(), format!("{} cannot be read", path.display()));
    assert!(error.source().unwrap().to_string().contains("symbolic links"), "{error:?}");
}
