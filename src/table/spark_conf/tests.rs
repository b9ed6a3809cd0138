use super::*;

fn meant(name: &str) -> Option<String> {
    let conf = &*BUILT_IN;
    assert!(!conf.is_known(name), "{name}");
    conf.nearest(name).map(|meant| meant.key)
}

#[test]
fn every_row_is_right() {
    let (conf, faults) = read(FileId(0), TEXT);
    assert!(faults.is_empty(), "{faults:?}");
    assert!(conf.keys.len() > 1800, "{}", conf.keys.len());
    assert!(conf.keys.is_sorted_by(|a, b| a.name < b.name), "the list is searched by halves");
    for change in &conf.changes {
        let instead = change.instead.as_deref();
        assert!(instead.is_none_or(|key| conf.key(key).is_some_and(|key| key.until.is_none())), "{change:?}");
        assert!(conf.key(&change.key).is_some(), "{change:?}");
    }
    for name in DOCUMENTED {
        assert!(conf.key(name).is_some(), "{name}");
    }
}

#[test]
fn keys_families_and_namespaces_are_known() {
    for name in [
        "spark.master",
        "spark.executor.memory",
        "spark.yarn.executor.memoryOverhead",
        "spark.kubernetes.driver.label.app.kubernetes.io/name",
        "spark.kubernetes.executor.volumes.hostPath.data.mount.readOnly",
        "spark.executor.resource.gpu.amount",
        "spark.shuffle.io.connectionTimeout",
        "spark.hadoop.fs.s3a.endpoint",
        "spark.sql.catalog.lake",
        "spark.sql.catalog.lake.warehouse",
        "spark.cassandra.connection.host",
        "spark.mesos.coarse",
    ] {
        assert!(BUILT_IN.is_known(name), "{name}");
    }
}

#[test]
fn a_misspelt_key_has_a_nearest_one() {
    for (name, key) in [
        ("spark.executor.memroy", "spark.executor.memory"),
        ("spark.executer.memory", "spark.executor.memory"),
        ("spark.dynamicallocation.enabled", "spark.dynamicAllocation.enabled"),
        ("spark.executor.instance", "spark.executor.instances"),
        ("spark.executor.memoryoverhead", "spark.executor.memoryOverhead"),
        ("spark.sql.shuffle.partition", "spark.sql.shuffle.partitions"),
        ("spark.jar.packages", "spark.jars.packages"),
        ("spark.executor.memory.Overhead", "spark.executor.memoryOverhead"),
        ("spark.kubernetes.driver.labels.team", "spark.kubernetes.driver.label.team"),
        ("spark.kubernets.executor.label.team", "spark.kubernetes.executor.label.team"),
        (
            "spark.kubernetes.driver.volumes.hostPath.d.mount.readonly",
            "spark.kubernetes.driver.volumes.hostPath.d.mount.readOnly",
        ),
        ("spark.sql.autobroadcastjointhreshold", "spark.sql.autoBroadcastJoinThreshold"),
    ] {
        assert_eq!(meant(name).as_deref(), Some(key), "{name}");
    }
}

#[test]
fn another_word_is_no_misspelling() {
    for name in [
        "spark.jobs",
        "spark.host",
        "spark.acme.tenant",
        "spark.app.env",
        "spark.driver.max",
        "spark.ui.sort",
        "spark.ä",
    ] {
        assert_eq!(meant(name), None, "{name}");
    }
}
