#![allow(clippy::unwrap_used)]

use super::*;
use crate::read::xml::tests::{assert_inside, mutations};

const SAMPLE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <parent>
    <groupId>com.acme</groupId>
    <artifactId>parent</artifactId>
    <version>1.0</version>
    <relativePath/>
  </parent>
  <artifactId>etl_${scala.binary.version}</artifactId>
  <!-- sparkproof: ignore[some-rule] for a reason -->
  <properties>
    <scala.binary.version>2.12</scala.binary.version>
    <empty/>
  </properties>
  <modules><module>core</module></modules>
  <dependencies>
    <dependency>
      <groupId>org.apache.spark</groupId>
      <artifactId>spark-sql_2.12</artifactId>
      <version>3.5.1</version>
      <scope>provided</scope>
      <exclusions><exclusion><groupId>x</groupId><artifactId>y</artifactId></exclusion></exclusions>
    </dependency>
    <dependency><groupId>no.artifact</groupId></dependency>
  </dependencies>
  <build>
    <finalName>etl</finalName>
    <plugins>
      <plugin>
        <artifactId>maven-assembly-plugin</artifactId>
        <executions>
          <execution>
            <id>fat</id>
            <goals><goal>single</goal></goals>
            <configuration>
              <descriptorRefs><descriptorRef>jar-with-dependencies</descriptorRef></descriptorRefs>
            </configuration>
          </execution>
        </executions>
      </plugin>
      <plugin><artifactId>some-other-plugin</artifactId></plugin>
    </plugins>
  </build>
  <profiles>
    <profile>
      <id>spark-3.4</id>
      <activation>
        <activeByDefault>true</activeByDefault>
        <jdk>[11,)</jdk>
        <property><name>spark</name><value>3.4</value></property>
      </activation>
      <properties><spark.version>3.4.0</spark.version></properties>
    </profile>
  </profiles>
</project>
"#;

fn pom(text: &str) -> Reading<Option<Pom>> {
    read(FileId(0), text)
}

#[test]
fn a_pom_is_read_as_written() {
    let reading = pom(SAMPLE);
    let pom = reading.body.unwrap();
    assert_eq!(pom.artifact.as_ref().unwrap().as_str(), "etl_${scala.binary.version}");
    assert_eq!(pom.parent.as_ref().unwrap().relative_path, RelativePath::Nowhere);
    assert_eq!(pom.main.properties.len(), 2);
    assert_eq!(pom.main.properties[1].value, None);
    assert_eq!(pom.main.modules[0].as_str(), "core");
    let dependency = &pom.main.dependencies[0];
    assert_eq!(dependency.artifact.as_str(), "spark-sql_2.12", "an exclusion's artifact is not the dependency's");
    assert_eq!(&SAMPLE[dependency.version.as_ref().unwrap().span().range()], "3.5.1");
    assert!(SAMPLE[dependency.span.range()].starts_with("<dependency>"));
    assert_eq!(pom.main.plugins.len(), 1);
    let execution = &pom.main.plugins[0].executions[0];
    assert_eq!((&*execution.id, execution.disabled), ("fat", false));
    assert_eq!(&*execution.settings[0].path, "descriptorRefs/descriptorRef");
    let profile = &pom.profiles[0];
    assert!(profile.activation.by_default && profile.activation.jdk.is_some());
    assert_eq!(profile.activation.property.as_ref().unwrap().0.as_str(), "spark");
    assert_eq!(reading.comments.len(), 1);
    assert_eq!(reading.losses.len(), 1);
    assert_eq!(reading.losses[0].message, "this dependency has no `<artifactId>`");
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_keep_every_span() {
    let text = format!("\u{feff}{}", SAMPLE.replace('\n', "\r\n"));
    let pom = pom(&text).body.unwrap();
    let version = pom.main.dependencies[0].version.clone().unwrap();
    assert_eq!(&text[version.span().range()], "3.5.1");
}

#[test]
fn only_projects_are_poms() {
    let reading = pom("<html><body></p></body></html>");
    assert!(reading.body.is_none());
    assert_eq!(reading.losses[0].extent, crate::read::Extent::Limit);
    assert_eq!(reading.losses[0].message, "the root is `<html>`, not `<project>`: it is no POM");
    assert_eq!(pom("").losses[0].extent, crate::read::Extent::Whole);
    assert_eq!(pom("not xml").losses[0].message, "the file holds no element: it is no POM");
}

#[test]
fn a_broken_dependency_loses_itself() {
    let text = "<project><artifactId>a</artifactId><dependencies>
      <dependency><groupId>g</groupId><artifactId>one</artifactId></dependency>
      <dependency><groupId>g</groupId><artifactId two</artifactId></dependency>
      <dependency><groupId>g</groupId><artifactId>three</artifactId></dependency>
    </dependencies></project>";
    let reading = pom(text);
    let names: Vec<String> =
        reading.body.unwrap().main.dependencies.iter().map(|d| d.artifact.as_str().to_owned()).collect();
    assert_eq!(names, ["one", "three"]);
    assert!(!reading.losses.is_empty());
}

#[test]
fn changed_bytes_do_no_harm() {
    mutations(&[SAMPLE, &SAMPLE.replace('\n', "\r\n")], |text| {
        let reading = pom(text);
        reading.losses.iter().for_each(|l| assert_inside(text, l.span));
        let Some(pom) = reading.body else { return };
        for layer in [&pom.main].into_iter().chain(pom.profiles.iter().map(|p| &p.layer)) {
            for dependency in layer.dependencies.iter().chain(&layer.managed) {
                let texts = [&dependency.group, &dependency.artifact].into_iter().chain(&dependency.version);
                texts.for_each(|t| assert_inside(text, t.span()));
                assert_inside(text, dependency.span);
            }
            layer.properties.iter().for_each(|p| assert_inside(text, p.span));
        }
    });
}
