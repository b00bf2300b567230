//! Feeds, record types and code lists, checked against each other: what the worker, `push` and `migrate` work from.

use std::collections::BTreeMap;
use std::sync::Arc;

use quarterday_events::{Judge, RecordType, RecordTypeError};
use quarterday_plan::codes::CodeLists;
use quarterday_plan::expression::Fields;
use quarterday_plan::feeds::{Feed, Feeds, ReturnCalendar};
use quarterday_plan::plan::Known;

use crate::{plan_fields, probe};

/// All feeds with what is needed to judge their records: those of the feeds file, and the probe's.
pub struct Catalogue {
    feeds: Vec<CatalogueFeed>,
    record_types: BTreeMap<String, Arc<RecordType>>,
    codes: CodeLists,
    scopes: BTreeMap<String, String>,
    fields: Fields,
    /// As the feeds file has them.
    declared: Feeds,
}

/// One feed, compiled.
pub struct CatalogueFeed {
    /// The feed as the feeds file says.
    pub feed: Feed,
    /// Its record type.
    pub record_type: Arc<RecordType>,
    /// The Avro schema of its record type, as JSON.
    pub schema: Arc<str>,
    /// Its checks and code lists, compiled.
    pub judge: Judge,
}

/// Why feeds, schemas and code lists do not fit together.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// A file could not be read as what it should be.
    #[error("{file} is not usable")]
    File {
        /// Name of the file.
        file: String,
        /// All that is wrong with it.
        #[source]
        source: quarterday_plan::Error,
    },
    /// A record type's schema is not usable.
    #[error("the schema of record type {record_type} is not usable")]
    Schema {
        /// The record type.
        record_type: String,
        /// What is wrong with it.
        #[source]
        source: RecordTypeError,
    },
    /// A feed names a record type that has no schema.
    #[error("feed {feed}: there is no schema for record type {record_type}")]
    NoRecordType {
        /// The feed.
        feed: String,
        /// The record type it names.
        record_type: String,
    },
    /// A header of a feed's CSV files is given for a field that there is not.
    #[error("feed {feed}: the header \"{header}\" is given for {field}, which is no field of {record_type}")]
    Header {
        /// The feed.
        feed: String,
        /// The header.
        header: String,
        /// What it is given for.
        field: String,
        /// The feed's record type.
        record_type: String,
    },
    /// A feed's checks or code lists do not fit its schema.
    #[error("feed {feed} does not fit the schema of {record_type}")]
    Judge {
        /// The feed.
        feed: String,
        /// Its record type.
        record_type: String,
        /// What does not fit.
        #[source]
        source: quarterday_events::judge::JudgeError,
    },
    /// A file uses a name that is built in.
    #[error("{what} is called {name}, as the built-in one is: choose another name")]
    BuiltIn {
        /// What is called so.
        what: &'static str,
        /// The name.
        name: String,
    },
}

impl Catalogue {
    /// Puts a catalogue together. `schemas` are (record type, Avro schema as JSON).
    ///
    /// # Errors
    /// The first thing that does not fit, with the file, feed or record type.
    pub fn new(feeds: &str, codes: &str, schemas: &[(&str, &str)]) -> Result<Self, CatalogueError> {
        let file = |file: &str| {
            let file = file.to_owned();
            |source| CatalogueError::File { file, source }
        };
        let feeds = Feeds::parse(feeds).map_err(file("feeds.toml"))?;
        let codes = CodeLists::parse(codes).map_err(file("codes.toml"))?;
        let mut record_types = BTreeMap::new();
        for (name, schema) in schemas {
            let parsed = RecordType::parse(name, schema).map_err(|source| CatalogueError::Schema {
                record_type: (*name).to_owned(),
                source,
            })?;
            record_types.insert((*name).to_owned(), (Arc::new(parsed), Arc::from(*schema)));
        }
        let scopes = record_types
            .keys()
            .filter_map(|name| Some((name.clone(), feeds.scope(name)?.to_owned())))
            .collect();
        let declared = feeds.clone();
        let feeds = feeds
            .feeds
            .into_iter()
            .map(|feed| CatalogueFeed::new(feed, &record_types, &codes))
            .collect::<Result<_, _>>()?;
        let record_types: BTreeMap<String, Arc<RecordType>> = record_types
            .into_iter()
            .map(|(name, (record_type, _))| (name, record_type))
            .collect();
        let fields = record_types.iter();
        let fields = fields.map(|(name, record_type)| (name.clone(), plan_fields::of(record_type)));
        let mut catalogue = Catalogue {
            feeds,
            fields: fields.collect(),
            record_types,
            codes,
            scopes,
            declared,
        };
        catalogue.add_probe()?;
        Ok(catalogue)
    }

    /// Adds the feed of the probe behind the others. Plan files know nothing of it.
    fn add_probe(&mut self) -> Result<(), CatalogueError> {
        let probe = CatalogueFeed::of_probe()?;
        let name = probe.feed.name.clone();
        let taken = |what: &'static str, name: &str| CatalogueError::BuiltIn {
            what,
            name: name.to_owned(),
        };
        if self.feeds.iter().any(|f| f.feed.name == name) {
            return Err(taken("a feed", &name));
        }
        if self.feeds.iter().any(|f| f.feed.topic == probe.feed.topic) {
            return Err(taken("a topic", &probe.feed.topic));
        }
        let before = self
            .record_types
            .insert(probe.feed.record_type.clone(), Arc::clone(&probe.record_type));
        if before.is_some() {
            return Err(taken("a record type", &name));
        }
        self.feeds.push(probe);
        Ok(())
    }

    /// What plan files may name.
    #[must_use]
    pub fn known(&self) -> Known<'_> {
        Known {
            fields: &self.fields,
            codes: &self.codes,
            feeds: &self.declared,
        }
    }

    /// When returns are due.
    #[must_use]
    pub fn calendar(&self) -> ReturnCalendar {
        self.declared.calendar
    }

    /// By record type, the field by whose codes a notice can speak of a part of a feed.
    #[must_use]
    pub fn scopes(&self) -> &BTreeMap<String, String> {
        &self.scopes
    }

    /// The feeds that a worker takes: those of the feeds file in its order, then the probe's.
    #[must_use]
    pub fn feeds(&self) -> &[CatalogueFeed] {
        &self.feeds
    }

    /// The feeds of the feeds file: those in which partners return something.
    pub fn returned(&self) -> impl Iterator<Item = &CatalogueFeed> {
        self.feeds.iter().filter(|f| f.feed.name != probe::NAME)
    }

    /// The feed of this name in the feeds file.
    #[must_use]
    pub fn feed(&self, name: &str) -> Option<&CatalogueFeed> {
        self.returned().find(|f| f.feed.name == name)
    }

    /// All record types by name, the probe's too.
    #[must_use]
    pub fn record_types(&self) -> &BTreeMap<String, Arc<RecordType>> {
        &self.record_types
    }

    /// The code lists.
    #[must_use]
    pub fn codes(&self) -> &CodeLists {
        &self.codes
    }

    /// Whether a text is the code of a partner.
    #[must_use]
    pub fn is_partner(&self, text: &str) -> bool {
        let list = self.codes.list("partner");
        list.is_some_and(|list| list.codes().any(|code| code == text))
    }

    /// The topics of all feeds.
    #[must_use]
    pub fn topics(&self) -> Vec<&str> {
        self.feeds.iter().map(|f| f.feed.topic.as_str()).collect()
    }

    /// The feeds' names, in the order of the feeds file.
    #[must_use]
    pub fn feed_names(&self) -> Vec<&str> {
        self.returned().map(|f| f.feed.name.as_str()).collect()
    }
}

impl CatalogueFeed {
    fn of_probe() -> Result<Self, CatalogueError> {
        let record_type = probe::record_type()?;
        Ok(CatalogueFeed {
            feed: probe::feed(),
            judge: probe::judge(&record_type)?,
            record_type: Arc::new(record_type),
            schema: Arc::from(probe::SCHEMA),
        })
    }

    fn new(
        feed: Feed,
        record_types: &BTreeMap<String, (Arc<RecordType>, Arc<str>)>,
        codes: &CodeLists,
    ) -> Result<Self, CatalogueError> {
        let (record_type, schema) =
            record_types
                .get(&feed.record_type)
                .cloned()
                .ok_or_else(|| CatalogueError::NoRecordType {
                    feed: feed.name.clone(),
                    record_type: feed.record_type.clone(),
                })?;
        let others = |name: &str| {
            record_types
                .get(name)
                .map(|(record_type, _)| Arc::clone(record_type))
        };
        let judge =
            Judge::among(&record_type, &feed, codes, &others).map_err(|source| CatalogueError::Judge {
                feed: feed.name.clone(),
                record_type: feed.record_type.clone(),
                source,
            })?;
        let headers = feed.csv.columns.iter();
        if let Some((header, field)) = headers
            .clone()
            .find(|(_, field)| record_type.column_index(field).is_none())
        {
            return Err(CatalogueError::Header {
                feed: feed.name.clone(),
                header: header.clone(),
                field: field.clone(),
                record_type: feed.record_type.clone(),
            });
        }
        Ok(CatalogueFeed {
            feed,
            record_type,
            schema,
            judge,
        })
    }
}
