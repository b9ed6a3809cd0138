#!/usr/bin/env bash
# dump.sh SCALA SPARK DIR [ADDED]: writes DIR/SPARK.txt, what that release says of its own settings, with the modules that it leaves out from
# release ADDED. Needs pip, mvn and a JDK from 17.
set -euo pipefail
scala=$1 spark=$2 out=$3 added=${4:-$2}
here=$(cd "$(dirname "$0")" && pwd)
jars=$out/jars-$spark
mkdir -p "$jars/added"

# The distribution, with all that its classes need to be loaded.
pip download -q --no-deps -d "$out" "pyspark==$spark"
tar -xzf "$out/pyspark-$spark.tar.gz" -C "$jars" --strip-components=3 --wildcards '*/deps/jars/*.jar'
rm "$out/pyspark-$spark.tar.gz"

# The modules that it leaves out; not every release has each.
for module in avro connect connect-common hadoop-cloud protobuf sql-kafka-0-10 streaming-kafka-0-10 token-provider-kafka-0-10; do
    ls "$jars/spark-${module}_$scala-"*.jar > /dev/null 2>&1 && continue
    cat > "$out/pom.xml" <<END
<project><modelVersion>4.0.0</modelVersion><groupId>x</groupId><artifactId>x</artifactId><version>1</version><build><plugins><plugin>
<groupId>org.apache.maven.plugins</groupId><artifactId>maven-dependency-plugin</artifactId><configuration><outputDirectory>$jars/added</outputDirectory>
<artifactItems><artifactItem><groupId>org.apache.spark</groupId><artifactId>spark-${module}_$scala</artifactId><version>$added</version></artifactItem>
</artifactItems></configuration></plugin></plugins></build></project>
END
    mvn -q -B -f "$out/pom.xml" dependency:copy > "$out/log" 2>&1 || echo "$added: no spark-$module" >&2
done
java --add-opens java.base/java.lang=ALL-UNNAMED --add-opens java.base/java.util=ALL-UNNAMED --add-opens java.base/sun.nio.ch=ALL-UNNAMED \
    --add-opens java.base/java.nio=ALL-UNNAMED -cp "$jars/*:$jars/added/*" "$here/Dump.java" "$jars"/spark-*.jar -- "$jars"/added/*.jar > "$out/$spark.txt"
