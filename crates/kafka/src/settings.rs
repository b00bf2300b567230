//! Where Kafka is and how to log in. Anything librdkafka understands is passed through, TLS and SASL included; what
//! the correctness of Quarterday hangs on (acknowledgements, manual commits, the partitioner) cannot be overridden.

use std::collections::BTreeMap;
use std::fmt;

use rdkafka::ClientConfig;
use rdkafka::consumer::BaseConsumer;
use rdkafka::error::KafkaError;
use serde::Deserialize;

use crate::Error;
use crate::context::Context;

/// Settings that Quarterday sets itself, with the reason a user is told.
const OWN: &[(&str, &str)] = &[
    ("bootstrap.servers", "is set by `brokers`; remove it"),
    ("metadata.broker.list", "is set by `brokers`; remove it"),
    ("group.id", "is set by Quarterday; remove it"),
    (
        "enable.auto.commit",
        "must stay false: offsets are committed after the insert; remove it",
    ),
    (
        "enable.auto.offset.store",
        "must stay false: offsets are committed after the insert; remove it",
    ),
    (
        "auto.offset.reset",
        "must stay `earliest`: else returns are lost; remove it",
    ),
    (
        "check.crcs",
        "must stay true: else a damaged return is taken for a good one; remove it",
    ),
    ("enable.partition.eof", "is set by Quarterday; remove it"),
    ("statistics.interval.ms", "is set by Quarterday; remove it"),
    (
        "acks",
        "must stay `all`: else an acknowledged return can be lost; remove it",
    ),
    (
        "request.required.acks",
        "must stay `all`: else an acknowledged return can be lost; remove it",
    ),
    (
        "enable.idempotence",
        "must stay true: else a retry can change the order of versions; remove it",
    ),
    (
        "partitioner",
        "must stay `murmur2_random`, as Java producers partition; remove it",
    ),
    ("transactional.id", "transactions are not used; remove it"),
];

/// How to reach a Kafka cluster.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KafkaSettings {
    /// `host:port` of one or more brokers, separated by commas.
    pub brokers: String,
    /// librdkafka settings, such as `security.protocol`, `sasl.mechanism` (PLAIN or SCRAM) or `ssl.ca.location`.
    #[serde(default)]
    pub properties: BTreeMap<String, String>,
}

impl KafkaSettings {
    /// Plain-text access to these brokers.
    pub fn new(brokers: impl Into<String>) -> Self {
        Self {
            brokers: brokers.into(),
            properties: BTreeMap::new(),
        }
    }

    /// Checks all settings without connecting anywhere.
    ///
    /// Unknown settings, bad values, settings that Quarterday owns, unreadable certificate files and unsupported SASL
    /// mechanisms are all found here.
    pub fn validate(&self) -> Result<(), Error> {
        let mut config = self.client_config()?;
        // Without brokers librdkafka checks everything else and has nobody to connect to.
        config.remove("bootstrap.servers");
        config
            .create_with_context::<_, BaseConsumer<Context>>(Context::default())
            .map(drop)
            .map_err(Error::client)
    }

    /// The base of every client's configuration.
    pub(crate) fn client_config(&self) -> Result<ClientConfig, Error> {
        if !self.brokers.split(',').all(is_host_port) {
            return Err(setting(
                "brokers",
                "give host:port of one or more brokers, separated by commas",
            ));
        }
        let mut config = ClientConfig::new();
        config
            .set("client.id", "quarterday")
            .set("socket.keepalive.enable", "true");
        for (name, value) in &self.properties {
            if let Some((_, reason)) = OWN.iter().find(|(own, _)| own == name) {
                return Err(setting(name, *reason));
            }
            config.set(name, value);
        }
        config
            .set("bootstrap.servers", &self.brokers)
            .set("check.crcs", "true");
        config.create_native_config().map_err(unknown_setting)?;
        Ok(config)
    }
}

impl fmt::Debug for KafkaSettings {
    /// Values are left out: they can be passwords.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&String> = self.properties.keys().collect();
        f.debug_struct("KafkaSettings")
            .field("brokers", &self.brokers)
            .field("properties", &names)
            .finish()
    }
}

fn is_host_port(broker: &str) -> bool {
    let broker = broker.trim().rsplit("://").next().unwrap_or_default();
    broker
        .rsplit_once(':')
        .is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok_and(|port| port > 0))
}

fn setting(name: &str, reason: impl Into<String>) -> Error {
    Error::Setting {
        name: name.to_owned(),
        reason: reason.into(),
    }
}

/// librdkafka's text names the setting and the bad value; for secrets only that it is refused.
fn unknown_setting(error: KafkaError) -> Error {
    let KafkaError::ClientConfig(_, description, name, _) = error else {
        return Error::client(error);
    };
    let secret = ["password", "secret", "pem", "key", "jaas"]
        .iter()
        .any(|word| name.contains(word));
    let reason = if description.starts_with("No such configuration property") {
        "librdkafka knows no such setting; check its spelling".to_owned()
    } else if secret {
        "librdkafka refuses its value".to_owned()
    } else {
        description
    };
    Error::Setting { name, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &str, value: &str) -> KafkaSettings {
        let mut settings = KafkaSettings::new("localhost:9092");
        settings.properties.insert(name.into(), value.into());
        settings
    }

    fn refusal(name: &str, value: &str) -> String {
        with(name, value)
            .validate()
            .expect_err("must be refused")
            .to_string()
    }

    #[test]
    fn good_settings_pass_without_connecting() {
        KafkaSettings::new("kafka-1:9092,kafka-2:9092")
            .validate()
            .expect("valid");
        with("fetch.min.bytes", "2").validate().expect("valid");
    }

    #[test]
    fn tls_and_sasl_are_built_in() {
        for mechanism in ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] {
            let mut settings = with("security.protocol", "SASL_SSL");
            settings
                .properties
                .insert("sasl.mechanism".into(), mechanism.into());
            settings.properties.insert("sasl.username".into(), "u".into());
            settings.properties.insert("sasl.password".into(), "p".into());
            settings.validate().expect("TLS and SASL are built in");
        }
    }

    #[test]
    fn unknown_setting_and_bad_value_are_named() {
        assert!(
            refusal("sasl.mechanizm", "PLAIN").contains("`sasl.mechanizm`: librdkafka knows no such setting")
        );
        assert!(refusal("fetch.min.bytes", "many").contains("`fetch.min.bytes`"));
    }

    #[test]
    fn own_settings_cannot_be_overridden() {
        assert!(refusal("acks", "1").contains("must stay `all`"));
        assert!(refusal("enable.auto.commit", "true").contains("committed after the insert"));
    }

    #[test]
    fn missing_certificate_file_is_found_before_connecting() {
        let mut settings = with("security.protocol", "SSL");
        settings
            .properties
            .insert("ssl.ca.location".into(), "/nonexistent/ca.pem".into());
        assert!(matches!(settings.validate(), Err(Error::Client(_))));
    }

    #[test]
    fn brokers_must_be_host_and_port() {
        for bad in [
            "",
            "localhost",
            "localhost:",
            ":9092",
            "a:1,,b:2",
            "a:99999",
            "a:0",
        ] {
            assert!(KafkaSettings::new(bad).validate().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn debug_shows_no_values() {
        assert!(!format!("{:?}", with("sasl.password", "hunter2")).contains("hunter2"));
    }
}
