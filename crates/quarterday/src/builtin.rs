//! The plan, feeds, code lists and schemas in force: the built-in ones of Tunbridge Wells, or files of the configuration.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use quarterday_ingest::Catalogue;
use quarterday_plan::expression::nearest;
use quarterday_plan::plan::{self, Measure, Plan};
use quarterday_store::{Contents, Declared, RETURN_NOTICE};

use crate::settings::PlanFiles;

const FEEDS: &str = include_str!("../../../schemas/plans/feeds.toml");
const CODES: &str = include_str!("../../../schemas/plans/codes.toml");

/// Ward and district of each LSOA of the district.
pub const LSOAS: &str = include_str!("../../../schemas/plans/lsoa11.csv");

/// GSS codes of districts that are known by name.
pub const DISTRICTS: &str = include_str!("../../../schemas/plans/districts.csv");

const PLANS: [(&str, &str); 2] = [
    (
        "tunbridge-wells-2015-16.toml",
        include_str!("../../../schemas/plans/tunbridge-wells-2015-16.toml"),
    ),
    (
        "tunbridge-wells-review-2014-15.toml",
        include_str!("../../../schemas/plans/tunbridge-wells-review-2014-15.toml"),
    ),
];

/// Name and text of each file of `schemas/avro`.
const SCHEMAS: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/schemas.rs"));

/// What is in force: all that is data.
#[derive(Clone)]
pub struct InForce {
    /// Feeds, record types and code lists.
    pub catalogue: Arc<Catalogue>,
    /// Plan and review files.
    pub plans: Arc<Vec<Plan>>,
    /// The files that all this was read from.
    contents: Arc<Contents>,
}

impl InForce {
    /// The definition of this id, and its plan.
    pub fn definition(&self, id: &str) -> Option<(&Plan, &Measure)> {
        self.plans
            .iter()
            .find_map(|plan| Some((plan, plan.definition(id)?)))
    }

    /// That nothing is called `id`, and what may have been meant.
    pub fn unknown(&self, id: &str) -> anyhow::Error {
        let ids = self
            .plans
            .iter()
            .flat_map(Plan::definitions)
            .map(|m| m.id.as_str());
        let hint = match nearest(id, ids) {
            Some(near) => format!("did you mean {near}?"),
            None => "'quarterday plan show' lists all".to_owned(),
        };
        anyhow!("no measure, figure or companion is called {id}; {hint}")
    }

    /// The topics of return notices.
    #[must_use]
    pub fn notice_topics(&self) -> Vec<&str> {
        let feeds = self.catalogue.feeds().iter();
        let notices = feeds.filter(|feed| feed.feed.record_type == RETURN_NOTICE);
        notices.map(|feed| feed.feed.topic.as_str()).collect()
    }

    /// What the store is made for.
    pub fn declared(&self) -> Declared {
        let feeds = self.catalogue.returned();
        Declared {
            record_types: self.catalogue.record_types().clone(),
            plans: self.plans.to_vec(),
            feeds: feeds
                .map(|f| (f.feed.name.clone(), f.feed.record_type.clone()))
                .collect(),
            scopes: self.catalogue.scopes().clone(),
            contents: Contents::clone(&self.contents),
        }
    }
}

impl InForce {
    /// The built-in files.
    ///
    /// # Errors
    /// They do not fit together: a defect of this build.
    pub fn builtin() -> Result<Self> {
        Self::load(&PlanFiles::default())
    }

    /// The built-in files, except where `files` names others.
    ///
    /// # Errors
    /// A file cannot be read, is not usable, or does not fit the others.
    pub fn load(files: &PlanFiles) -> Result<Self> {
        Self::of_texts(Texts {
            feeds: text_or(files.feeds.as_deref(), FEEDS)?,
            codes: text_or(files.codes.as_deref(), CODES)?,
            schemas: schemas(files.schemas.as_deref())?,
            plans: plan_texts(files.plans.as_deref())?,
        })
    }

    /// What was in force once: the files of [`Contents`], by their names.
    ///
    /// # Errors
    /// One of them is not usable for this version of the software.
    pub fn of_contents(files: &[(String, String)]) -> Result<Self> {
        let mut texts = Texts::default();
        for (name, text) in files {
            match (name.as_str(), name.strip_suffix(".avsc")) {
                (FEEDS_FILE, _) => texts.feeds.clone_from(text),
                (CODES_FILE, _) => texts.codes.clone_from(text),
                (_, Some(schema)) => texts.schemas.push((schema.to_owned(), text.clone())),
                _ => texts.plans.push((name.clone(), text.clone())),
            }
        }
        Self::of_texts(texts)
    }

    fn of_texts(texts: Texts) -> Result<Self> {
        let Texts {
            feeds,
            codes,
            schemas,
            plans: texts,
        } = texts;
        let named: Vec<(&str, &str)> = schemas.iter().map(|(n, s)| (n.as_str(), s.as_str())).collect();
        let catalogue = Catalogue::new(&feeds, &codes, &named)?;
        let plans = plans(&texts, &catalogue)?;
        plan::check_ids(&plans)?;
        let mut contents = vec![(FEEDS_FILE.to_owned(), feeds), (CODES_FILE.to_owned(), codes)];
        contents.extend(texts);
        let schemas = schemas.into_iter();
        contents.extend(schemas.map(|(name, schema)| (format!("{name}.avsc"), schema)));
        Ok(InForce {
            catalogue: Arc::new(catalogue),
            plans: Arc::new(plans),
            contents: Arc::new(Contents::new(contents)),
        })
    }
}

/// The files that are in force, as texts.
#[derive(Default)]
struct Texts {
    feeds: String,
    codes: String,
    /// By name, without `.avsc`.
    schemas: Vec<(String, String)>,
    /// By file name.
    plans: Vec<(String, String)>,
}

/// The names of two of them in [`Contents`].
const FEEDS_FILE: &str = "feeds.toml";
const CODES_FILE: &str = "codes.toml";

fn text_or(file: Option<&Path>, builtin: &str) -> Result<String> {
    file.map_or_else(|| Ok(builtin.to_owned()), read)
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

fn schemas(directory: Option<&Path>) -> Result<Vec<(String, String)>> {
    let Some(directory) = directory else {
        return Ok(SCHEMAS
            .iter()
            .map(|(n, s)| ((*n).to_owned(), (*s).to_owned()))
            .collect());
    };
    let mut schemas = Vec::new();
    for entry in fs::read_dir(directory).with_context(|| format!("cannot list {}", directory.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "avsc") {
            let name = path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            schemas.push((name, read(&path)?));
        }
    }
    if schemas.is_empty() {
        bail!("{} holds no .avsc files", directory.display());
    }
    schemas.sort();
    Ok(schemas)
}

/// Name and text of each plan file.
fn plan_texts(files: Option<&[std::path::PathBuf]>) -> Result<Vec<(String, String)>> {
    match files {
        None => Ok(PLANS
            .iter()
            .map(|(n, t)| ((*n).to_owned(), (*t).to_owned()))
            .collect()),
        Some(files) => files
            .iter()
            .map(|f| Ok((file_name(f), read(f)?)))
            .collect::<Result<_>>(),
    }
}

/// Without its directory, which may say more of a machine than of the file.
fn file_name(file: &Path) -> String {
    file.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn plans(texts: &[(String, String)], catalogue: &Catalogue) -> Result<Vec<Plan>> {
    texts
        .iter()
        .map(|(name, text)| {
            let plan = Plan::parse(text).with_context(|| format!("{name} is not a usable plan file"))?;
            plan.check(text, catalogue.known())
                .with_context(|| format!("{name} does not fit feeds, schemas and code lists"))?;
            Ok(plan)
        })
        .collect()
}
