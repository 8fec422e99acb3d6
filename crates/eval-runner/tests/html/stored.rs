//! The file of a run that a store keeps: what is in it, and what happens where it cannot be written.

use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
    sync::Arc,
};

use probity_eval_runner::{
    Report,
    facts::RunFacts,
    html::{HtmlError, HtmlLimits, HtmlReport, StoredRun},
    store::{self, RunId, RunStore},
};

use crate::{
    fixtures::Run,
    structure::{details, index},
};

/// A folder with a store that holds a run.
struct Kept {
    folder: PathBuf,
    store: Arc<dyn RunStore>,
    run: RunId,
    facts: RunFacts,
}

impl Kept {
    async fn new(name: &str, run: &Run) -> Self {
        let name = format!("stored-{name}-{}", std::process::id());
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&folder).unwrap();
        let store = store::open(folder.join("runs.db").to_str().unwrap()).await.unwrap();
        let run = run.keep(&*store).await;
        let facts = RunFacts::read(&*store, run).await.unwrap();
        Self { folder, store, run, facts }
    }

    fn report(&self) -> HtmlReport<StoredRun<'_>> {
        let report = Report::new(&*self.facts.suite, self.facts.tasks()).unwrap();
        HtmlReport::stored(&*self.store, self.run, report).about(&self.facts)
    }

    async fn page(&self, limits: HtmlLimits) -> String {
        let mut file = Vec::new();
        self.report().with_limits(limits).write(&mut file).await.unwrap();
        String::from_utf8(file).unwrap()
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.folder);
    }
}

/// Files are long: what is said is where they part.
#[track_caller]
fn assert_same(one: &str, other: &str) {
    let pairs = one.chars().zip(other.chars());
    let same = pairs.take_while(|(one, other)| one == other).count();
    let around = |text: &str| text.chars().skip(same.saturating_sub(80)).take(160).collect();
    let (one, other): (String, String) = (around(one), around(other));
    assert_eq!(one, other, "the files part after {same} letters");
}

/// A disk that is full after so many bytes.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::StorageFull)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_stored_run_has_the_page_that_it_has_in_memory() {
    let run = Run::with_outages();
    let kept = Kept::new("same", &run).await;
    let stored = kept.page(HtmlLimits::default()).await;
    let mut memory = Vec::new();
    run.write(&run.page(), &mut memory).unwrap();
    let memory = String::from_utf8(memory).unwrap();
    let head = |file: &str| file.split("<script type=\"text/plain\"").next().unwrap().to_owned();
    assert_same(&head(&stored), &head(&memory));
    let sorted = |file: &str| {
        let mut details = details(file);
        details.sort_by_key(|detail| detail["ordinal"].as_u64());
        details
    };
    let (mut stored, mut memory) = (sorted(&stored), sorted(&memory));
    assert_eq!(stored.len(), 24 * 6);
    for detail in stored.iter_mut().chain(&mut memory) {
        // A trace begins when it was built.
        detail.as_object_mut().unwrap().remove("trace");
    }
    assert_eq!(stored, memory);
}

#[tokio::test]
async fn trials_that_did_not_pass_have_their_room_before_those_that_did() {
    let run = Run { cases: 99, trials: 8, ..Run::with_outages() };
    let kept = Kept::new("room", &run).await;
    let file = kept.page(HtmlLimits::default().with_details_bytes(60_000)).await;
    let index = index(&file);
    let cases = index["cases"].as_array().unwrap();
    let marks: String = cases.iter().map(|case| case["marks"].as_str().unwrap()).collect();
    let details = details(&file);
    let mark = |ordinal: &serde_json::Value| {
        marks.as_bytes()[usize::try_from(ordinal.as_u64().unwrap()).unwrap()]
    };
    let kept: Vec<u8> = details.iter().map(|detail| mark(&detail["ordinal"])).collect();
    assert!(!kept.is_empty() && kept.len() < marks.len(), "{}", kept.len());
    assert!(kept.iter().all(|mark| *mark == b'f' || *mark == b'n'), "{kept:?}");
    let left_out = marks.len() - kept.len();
    let says = format!(
        "The details of {left_out} trials are left out: the file would be larger than its limit."
    );
    assert!(file.contains(&says), "{left_out}");
}

#[tokio::test]
async fn a_run_that_was_cut_short_says_how_many_trials_did_not_end() {
    let kept = Kept::new("cut", &Run::small()).await;
    let mut manifest = kept.store.manifest(kept.run).await.unwrap();
    manifest.trials = 10;
    kept.store.continue_run(&manifest).await.unwrap();
    let facts = RunFacts::read(&*kept.store, kept.run).await.unwrap();
    let mut file = Vec::new();
    kept.report().about(&facts).write(&mut file).await.unwrap();
    assert!(String::from_utf8(file).unwrap().contains(">24 did not end<"));
}

#[tokio::test]
async fn a_file_is_saved_as_a_whole_or_not_at_all() {
    let kept = Kept::new("saved", &Run::small()).await;
    let path = kept.folder.join("page.html");
    fs::write(&path, "before").unwrap();
    let unknown = HtmlReport::stored(
        &*kept.store,
        RunId::new(),
        Report::new("none", kept.facts.tasks()).unwrap(),
    );
    let error = unknown.save(&path).await.unwrap_err();
    assert!(matches!(error, HtmlError::Store(_)), "{error:?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "before");

    kept.report().save(&path).await.unwrap();
    assert!(fs::read_to_string(&path).unwrap().ends_with("</footer>"));
    let files = fs::read_dir(&kept.folder).unwrap().map(|file| file.unwrap().file_name());
    assert!(files.into_iter().all(|name| !name.to_string_lossy().ends_with(".part")));

    let nowhere = kept.folder.join("missing/page.html");
    let error = kept.report().save(&nowhere).await.unwrap_err();
    assert_eq!(error.to_string(), format!("{} cannot be written", nowhere.display()));
    let error = kept.report().write(Full(50_000)).await.unwrap_err();
    assert!(matches!(error, HtmlError::Write(_)), "{error:?}");
}
