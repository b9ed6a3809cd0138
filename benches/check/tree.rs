//! Generated trees. The same arguments make the same files.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// A Deployment with one defect.
pub(crate) const MANIFEST: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: service
  namespace: shop
spec:
  selector:
    matchLabels:
      app: service
  template:
    metadata:
      labels:
        app: service
    spec:
      containers:
        - name: service
          image: registry.example.com/shop/service:1.0.0
          ports:
            - name: http
              containerPort: 8080
          readinessProbe:
            httpGet:
              path: /ready
              port: http
          resources:
            requests:
              memory: 512Mi
            limits:
              memory: 256Mi
---
";

/// A managed Maven dependency.
pub(crate) const DEPENDENCY: &str = "
    <dependency>
      <groupId>org.apache.spark</groupId>
      <artifactId>spark-sql_${scala.binary.version}</artifactId>
    </dependency>";

fn write(root: &Path, path: &str, text: &str) {
    let file = root.join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

/// Manifests, a hundred in a folder, one defect in each.
pub(crate) fn manifests(root: &Path, count: usize) {
    fs::create_dir_all(root.join(".git")).unwrap();
    for n in 0..count {
        write(root, &format!("deploy/{}/{n}.yaml", n / 100), &MANIFEST.replace("service", &format!("service-{n}")));
    }
}

/// One Maven build: a parent that manages versions, and modules each of which depends on the one before.
pub(crate) fn maven(root: &Path, count: usize) {
    fs::create_dir_all(root.join(".git")).unwrap();
    let mut modules = String::new();
    for n in 0..count {
        write!(modules, "\n    <module>m{n}</module>").unwrap();
        let before = if n == 0 {
            String::new()
        } else {
            format!(
                "
    <dependency>
      <groupId>com.example</groupId>
      <artifactId>m{}</artifactId>
      <version>${{project.version}}</version>
    </dependency>",
                n - 1
            )
        };
        let text = format!(
            "<project>
  <parent>
    <groupId>com.example</groupId>
    <artifactId>all</artifactId>
    <version>1.0.0</version>
  </parent>
  <artifactId>m{n}</artifactId>
  <dependencies>{DEPENDENCY}{before}
  </dependencies>
</project>
"
        );
        write(root, &format!("m{n}/pom.xml"), &text);
    }
    let managed = DEPENDENCY.replace("</artifactId>", "</artifactId>\n      <version>${spark.version}</version>");
    let text = format!(
        "<project>
  <groupId>com.example</groupId>
  <artifactId>all</artifactId>
  <version>1.0.0</version>
  <packaging>pom</packaging>
  <modules>{modules}
  </modules>
  <properties>
    <maven.compiler.release>17</maven.compiler.release>
    <scala.binary.version>2.12</scala.binary.version>
    <spark.version>3.5.4</spark.version>
  </properties>
  <dependencyManagement>
  <dependencies>{managed}
  </dependencies>
  </dependencyManagement>
</project>
"
    );
    write(root, "pom.xml", &text);
}

/// The same build, and a Dockerfile for each module that builds the whole of it.
pub(crate) fn images(root: &Path, count: usize) {
    maven(root, count);
    for n in 0..count {
        let text = format!(
            "FROM maven:3.9.9-eclipse-temurin-17 AS build\nWORKDIR /src\nCOPY . .\nRUN mvn -pl m{n} -am package\n\n\
             FROM apache/spark:3.5.4-scala2.12-java17-ubuntu\nCOPY --from=build /src/m{n}/target/m{n}-1.0.0.jar /opt/app/app.jar\nUSER 185\n"
        );
        write(root, &format!("docker/Dockerfile.m{n}"), &text);
    }
}

/// Services that are joined: a build, a Dockerfile with another Scala, and the manifest that runs the image.
pub(crate) fn services(root: &Path, count: usize) {
    fs::create_dir_all(root.join(".git")).unwrap();
    for n in 0..count {
        let dependency = DEPENDENCY.replace("${scala.binary.version}", "2.12");
        let dependency = dependency.replace("</artifactId>", "</artifactId>\n      <version>3.5.4</version>");
        let pom = format!(
            "<project>
  <groupId>com.example</groupId>
  <artifactId>service-{n}</artifactId>
  <version>1.0.0</version>
  <dependencies>{dependency}
  </dependencies>
</project>
"
        );
        let dockerfile = format!(
            "FROM apache/spark:4.0.1-scala2.13-java17-ubuntu\nCOPY target/service-{n}-1.0.0.jar /opt/app.jar\nUSER 185\n"
        );
        write(root, &format!("service-{n}/pom.xml"), &pom);
        write(root, &format!("service-{n}/Dockerfile"), &dockerfile);
        write(root, &format!("service-{n}/k8s.yaml"), &MANIFEST.replace("service", &format!("service-{n}")));
    }
}

/// Files of which one in twenty is ours.
pub(crate) fn mixed(root: &Path, count: usize) {
    fs::create_dir_all(root.join(".git")).unwrap();
    let other = "export const value = 1;\n".repeat(20);
    for n in 0..count {
        let folder = format!("src/{}/{}", n / 2000, n / 50 % 40);
        if n % 20 == 0 {
            write(root, &format!("{folder}/{n}.yaml"), &MANIFEST.replace("service", &format!("service-{n}")));
        } else {
            write(root, &format!("{folder}/{n}.ts"), &other);
        }
    }
}
