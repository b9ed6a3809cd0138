//! What the standard library declares: Go text without bodies that `tools/go/stdapi` writes, unpacked when Go is read at all.

use std::collections::HashMap;
use std::sync::LazyLock;

const PACKED: &[u8] = include_bytes!("std.zz");
const STUBS_PACKED: &[u8] = include_bytes!("stubs.zz");

/// No standard library has that many bytes of declarations.
const MAX: usize = 8 << 20;

static STANDARD: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| packages(PACKED));

/// Packages of other modules that rules ask for, where nothing else tells what they declare.
static STUBS: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| packages(STUBS_PACKED));

/// The packages of a packed text, each behind a form feed and its path. The text is kept for as long as the program runs.
fn packages(packed: &[u8]) -> HashMap<&'static str, &'static str> {
    let bytes = miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(packed, MAX).unwrap_or_default();
    let text: &'static str = String::from_utf8(bytes).unwrap_or_default().leak();
    text.split('\x0c').filter_map(|part| part.split_once('\n')).collect()
}

/// What rules ask of Spark's own client, in whichever major version of its module.
const SPARK_SQL: &str = "package sql
type SparkSession interface{ Stop() error }
type SparkSessionBuilder struct{}
func NewSessionBuilder() *SparkSessionBuilder
func (s *SparkSessionBuilder) Remote(connectionString string) *SparkSessionBuilder
func (s *SparkSessionBuilder) WithChannelBuilder(cb any) *SparkSessionBuilder
func (s *SparkSessionBuilder) Build(ctx any) (SparkSession, error)
";

/// What rules ask of Confluent's client of Kafka, in whichever major version of its module.
const CONFLUENT: &str = "package kafka
type ConfigValue any
type ConfigMap map[string]ConfigValue
func (m ConfigMap) SetKey(key string, value ConfigValue) error
func (m ConfigMap) Set(kv string) error
type Error struct{}
type TopicPartition struct { Topic *string; Partition int32; Metadata *string; Error error }
type Message struct { TopicPartition TopicPartition; Value []byte; Key []byte }
type Event interface { String() string }
type RebalanceCb func(*Consumer, Event) error
type ConsumerGroupMetadata struct{}
type Consumer struct{}
func NewConsumer(conf *ConfigMap) (*Consumer, error)
func (c *Consumer) Subscribe(topic string, rebalanceCb RebalanceCb) error
func (c *Consumer) SubscribeTopics(topics []string, rebalanceCb RebalanceCb) error
func (c *Consumer) Poll(timeoutMs int) Event
func (c *Consumer) ReadMessage(timeout any) (*Message, error)
func (c *Consumer) Commit() ([]TopicPartition, error)
func (c *Consumer) CommitMessage(m *Message) ([]TopicPartition, error)
func (c *Consumer) CommitOffsets(offsets []TopicPartition) ([]TopicPartition, error)
func (c *Consumer) StoreOffsets(offsets []TopicPartition) ([]TopicPartition, error)
func (c *Consumer) GetConsumerGroupMetadata() (*ConsumerGroupMetadata, error)
func (c *Consumer) Close() error
type Producer struct{}
func NewProducer(conf *ConfigMap) (*Producer, error)
func (p *Producer) Produce(msg *Message, deliveryChan chan Event) error
func (p *Producer) SendOffsetsToTransaction(ctx any, offsets []TopicPartition, consumerMetadata *ConsumerGroupMetadata) error
";

/// What rules ask of Segment's client of Kafka.
const SEGMENT: &str = "package kafka
type Message struct { Topic string; Partition int; Offset int64; Key []byte; Value []byte }
type ReaderConfig struct { Brokers []string; GroupID string; Topic string; GroupTopics []string; Partition int }
type Reader struct{}
func NewReader(config ReaderConfig) *Reader
func (r *Reader) ReadMessage(ctx any) (Message, error)
func (r *Reader) FetchMessage(ctx any) (Message, error)
func (r *Reader) CommitMessages(ctx any, msgs ...Message) error
func (r *Reader) Close() error
";

/// A package of another module, as far as rules ask for it.
pub(super) fn stub(path: &str) -> Option<&'static str> {
    let is_spark = || path.starts_with("github.com/apache/spark-connect-go/") && path.ends_with("/spark/sql");
    let known = match path {
        "github.com/confluentinc/confluent-kafka-go/kafka" | "github.com/confluentinc/confluent-kafka-go/v2/kafka" => {
            Some(CONFLUENT)
        }
        "github.com/segmentio/kafka-go" => Some(SEGMENT),
        _ => STUBS.get(path).copied(),
    };
    known.or_else(|| is_spark().then_some(SPARK_SQL))
}

/// A package's declarations.
pub(super) fn package(path: &str) -> Option<&'static str> {
    is_standard(path).then(|| STANDARD.get(path).copied()).flatten()
}

/// The paths of all packages, in order.
pub(super) fn paths() -> Vec<String> {
    let mut paths: Vec<String> = STANDARD.keys().map(ToString::to_string).collect();
    paths.sort();
    paths
}

/// Whether a path can be a package of the standard library (or of a module without a domain): its first part has no dot.
pub fn is_standard(path: &str) -> bool {
    !path.split('/').next().unwrap_or_default().contains('.')
}
