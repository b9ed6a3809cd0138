//! What Spark's own objects give: which methods of a session make data frames, which of a data frame make an RDD.

/// An object of Spark's that code on the driver holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A Spark session, or one of its predecessors.
    Session,
    /// What makes a session.
    Builder,
    /// What makes a session of Spark Connect.
    RemoteBuilder,
    /// A Spark context.
    Context,
    /// `spark.read`.
    Reader,
    /// `spark.readStream`.
    StreamReader,
    /// A data frame.
    DataFrame,
    /// `df.groupBy(…)`.
    Grouped,
    /// `df.write`.
    Writer,
    /// `df.writeStream`.
    StreamWriter,
    /// A running query.
    Query,
    /// An RDD.
    Rdd,
    /// A context of Spark Streaming.
    Streaming,
    /// A stream of RDDs.
    Stream,
    /// `spark.udf`.
    Functions,
    /// `spark.udtf`.
    TableFunctions,
    /// `spark.catalog`.
    Catalog,
    /// A broadcast variable: made for tasks.
    Broadcast,
    /// An accumulator: made for tasks.
    Accumulator,
}

use Kind::{
    Accumulator, Broadcast, Builder, Catalog, Context, DataFrame, Functions, Grouped, Query, Rdd, Reader,
    RemoteBuilder, Session, Stream, StreamReader, StreamWriter, Streaming, TableFunctions, Writer,
};

/// Classes by their last name, in whichever of `PySpark`'s modules they are imported from.
const CLASSES: [(&str, Kind); 17] = [
    ("Accumulator", Accumulator),
    ("Broadcast", Broadcast),
    ("Builder", Builder),
    ("DStream", Stream),
    ("DataFrame", DataFrame),
    ("DataFrameReader", Reader),
    ("DataFrameWriter", Writer),
    ("DataStreamReader", StreamReader),
    ("DataStreamWriter", StreamWriter),
    ("GroupedData", Grouped),
    ("HiveContext", Session),
    ("RDD", Rdd),
    ("SQLContext", Session),
    ("SparkContext", Context),
    ("SparkSession", Session),
    ("StreamingContext", Streaming),
    ("StreamingQuery", Query),
];

/// Names in a function's head or a notebook that everybody gives to one thing.
const CUSTOMARY: [(&str, Kind); 10] = [
    ("spark", Session),
    ("spark_session", Session),
    ("sparkSession", Session),
    ("sqlContext", Session),
    ("sql_context", Session),
    ("sc", Context),
    ("spark_context", Context),
    ("sparkContext", Context),
    ("ssc", Streaming),
    ("rdd", Rdd),
];

/// Methods of data frames that give data frames.
const FRAME: [&str; 64] = [
    "agg",
    "alias",
    "cache",
    "checkpoint",
    "coalesce",
    "crossJoin",
    "cube",
    "describe",
    "distinct",
    "drop",
    "dropDuplicates",
    "dropDuplicatesWithinWatermark",
    "drop_duplicates",
    "dropna",
    "exceptAll",
    "fill",
    "fillna",
    "filter",
    "freqItems",
    "hint",
    "intersect",
    "intersectAll",
    "join",
    "limit",
    "localCheckpoint",
    "mapInArrow",
    "mapInPandas",
    "melt",
    "observe",
    "offset",
    "orderBy",
    "persist",
    "repartition",
    "repartitionByRange",
    "replace",
    "sample",
    "sampleBy",
    "select",
    "selectExpr",
    "sort",
    "sortWithinPartitions",
    "subtract",
    "summary",
    "to",
    "toDF",
    "transform",
    "union",
    "unionAll",
    "unionByName",
    "unpersist",
    "unpivot",
    "where",
    "withColumn",
    "withColumnRenamed",
    "withColumns",
    "withColumnsRenamed",
    "withMetadata",
    "withWatermark",
    "crosstab",
    "corr",
    "lateralJoin",
    "groupingSets",
    "withField",
    "transpose",
];

/// Methods of RDDs that give RDDs.
const RDD: [&str; 48] = [
    "aggregateByKey",
    "barrier",
    "cache",
    "cartesian",
    "coalesce",
    "cogroup",
    "combineByKey",
    "distinct",
    "filter",
    "flatMap",
    "flatMapValues",
    "foldByKey",
    "fullOuterJoin",
    "glom",
    "groupBy",
    "groupByKey",
    "groupWith",
    "intersection",
    "join",
    "keyBy",
    "keys",
    "leftOuterJoin",
    "map",
    "mapPartitions",
    "mapPartitionsWithIndex",
    "mapPartitionsWithSplit",
    "mapValues",
    "partitionBy",
    "persist",
    "pipe",
    "reduceByKey",
    "repartition",
    "repartitionAndSortWithinPartitions",
    "rightOuterJoin",
    "sample",
    "sampleByKey",
    "setName",
    "sortBy",
    "sortByKey",
    "subtract",
    "subtractByKey",
    "union",
    "unpersist",
    "values",
    "withResources",
    "zip",
    "zipWithIndex",
    "zipWithUniqueId",
];

/// Methods of grouped data frames that give data frames.
const GROUPED: [&str; 14] = [
    "agg",
    "apply",
    "applyInArrow",
    "applyInPandas",
    "applyInPandasWithState",
    "avg",
    "count",
    "max",
    "mean",
    "min",
    "sum",
    "transformWithState",
    "transformWithStateInPandas",
    "std",
];

/// Methods of readers that read.
const READS: [&str; 10] = ["changes", "csv", "jdbc", "json", "load", "orc", "parquet", "table", "text", "xml"];

impl Kind {
    /// Its class, as `PySpark`'s documentation spells it.
    pub fn class(self) -> &'static str {
        match self {
            Session => "pyspark.sql.SparkSession",
            Builder | RemoteBuilder => "pyspark.sql.SparkSession.Builder",
            Context => "pyspark.SparkContext",
            Reader => "pyspark.sql.DataFrameReader",
            StreamReader => "pyspark.sql.streaming.DataStreamReader",
            DataFrame => "pyspark.sql.DataFrame",
            Grouped => "pyspark.sql.GroupedData",
            Writer => "pyspark.sql.DataFrameWriter",
            StreamWriter => "pyspark.sql.streaming.DataStreamWriter",
            Query => "pyspark.sql.streaming.StreamingQuery",
            Rdd => "pyspark.RDD",
            Streaming => "pyspark.streaming.StreamingContext",
            Stream => "pyspark.streaming.DStream",
            Functions => "pyspark.sql.UDFRegistration",
            TableFunctions => "pyspark.sql.UDTFRegistration",
            Catalog => "pyspark.sql.Catalog",
            Broadcast => "pyspark.Broadcast",
            Accumulator => "pyspark.Accumulator",
        }
    }

    /// In words, for what only the driver has; tasks may use the others.
    pub fn on_driver(self) -> Option<&'static str> {
        match self {
            Session | Builder => Some("a Spark session"),
            Context => Some("a Spark context"),
            Streaming => Some("a streaming context"),
            DataFrame => Some("a data frame"),
            Rdd => Some("an RDD"),
            Stream => Some("a stream of RDDs"),
            Reader | StreamReader => Some("a session's reader"),
            Grouped => Some("a grouped data frame"),
            Catalog => Some("a session's catalog"),
            Query => Some("a streaming query"),
            Writer | StreamWriter => Some("a data frame's writer"),
            RemoteBuilder | Functions | TableFunctions | Broadcast | Accumulator => None,
        }
    }

    /// What an attribute of it is, where that is one of Spark's objects itself; else it is a method, or none of our business.
    pub fn property(self, name: &str) -> Option<Self> {
        Some(match (self, name) {
            (Session, "read") => Reader,
            (Session, "readStream") => StreamReader,
            (Session, "udf") => Functions,
            (Session, "udtf") => TableFunctions,
            (Session, "catalog") => Catalog,
            (Session, "builder") => Builder,
            (DataFrame, "rdd") => Rdd,
            (DataFrame, "write") => Writer,
            (DataFrame, "writeStream") => StreamWriter,
            (DataFrame, "na" | "stat") => DataFrame,
            (DataFrame, "sparkSession" | "sql_ctx") => Session,
            (Session, "_sc") | (Session | Streaming, "sparkContext") | (Rdd | Stream, "context" | "ctx") => Context,
            _ => return None,
        })
    }

    /// What a method of it gives, where that is one of Spark's objects.
    pub fn result(self, name: &str) -> Option<Self> {
        Some(match self {
            Session => match name {
                "sql" | "table" | "range" | "createDataFrame" | "readTable" => DataFrame,
                "newSession" | "cloneSession" | "getOrCreate" => Session,
                _ => return None,
            },
            Builder if name == "remote" => RemoteBuilder,
            Builder | RemoteBuilder if matches!(name, "getOrCreate" | "create") => Session,
            Builder | RemoteBuilder => self,
            Context => match name {
                "broadcast" => Broadcast,
                "accumulator" => Accumulator,
                "getOrCreate" => Context,
                "binaryFiles" | "binaryRecords" | "emptyRDD" | "hadoopFile" | "hadoopRDD" | "newAPIHadoopFile"
                | "newAPIHadoopRDD" | "parallelize" | "pickleFile" | "range" | "sequenceFile" | "textFile"
                | "union" | "wholeTextFiles" => Rdd,
                _ => return None,
            },
            Reader | StreamReader => match name {
                "format" | "option" | "options" | "schema" => self,
                name if READS.contains(&name) => DataFrame,
                _ => return None,
            },
            DataFrame => match name {
                "groupBy" | "groupby" | "rollup" | "cube" => Grouped,
                name if FRAME.contains(&name) => DataFrame,
                _ => return None,
            },
            Grouped if matches!(name, "pivot" | "cogroup" | "groupBy") => Grouped,
            Grouped if GROUPED.contains(&name) => DataFrame,
            Writer if matches!(name, "mode" | "format" | "option" | "options" | "partitionBy" | "bucketBy") => Writer,
            StreamWriter if matches!(name, "start" | "toTable" | "table") => Query,
            StreamWriter => StreamWriter,
            Rdd if name == "toDF" => DataFrame,
            Rdd if RDD.contains(&name) => Rdd,
            Streaming if name.ends_with("Stream") || name == "union" || name == "transform" => Stream,
            Streaming if name == "getOrCreate" => Streaming,
            Stream if matches!(name, "foreachRDD" | "pprint" | "saveAsTextFiles") => return None,
            Stream => Stream,
            Rdd | Grouped | Catalog | Writer | Streaming | Query | Functions | TableFunctions | Broadcast
            | Accumulator => return None,
        })
    }

    /// What an object of a class is.
    pub fn of_class(path: &str) -> Option<Self> {
        let last = path.rsplit('.').next()?;
        if path.starts_with("databricks.") {
            return (last == "DatabricksSession").then_some(Session);
        }
        if !path.starts_with("pyspark.") || path.starts_with("pyspark.pandas") {
            return None;
        }
        CLASSES.iter().find(|(name, _)| *name == last).map(|(_, kind)| *kind)
    }

    /// What a call of a path gives: a class, or a method that belongs to one.
    pub fn made_by(path: &str) -> Option<Self> {
        if let Some(kind) = Self::of_class(path) {
            return Some(kind);
        }
        let (owner, method) = path.rsplit_once('.')?;
        match Self::of_class(owner) {
            Some(Context) if method == "getOrCreate" => Some(Context),
            Some(Session) if matches!(method, "active" | "getActiveSession") => Some(Session),
            Some(Session | Streaming) if method == "getOrCreate" => Self::of_class(owner),
            None if owner.starts_with("pyspark.streaming.") && method.ends_with("Stream") => Some(Stream),
            _ => None,
        }
    }

    /// What a name without any other sign of its type stands for.
    pub fn customary(name: &str) -> Option<Self> {
        CUSTOMARY.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
    }
}
