import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.lang.reflect.Constructor;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.*;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.k8s.*;
import org.apache.spark.deploy.k8s.features.*;
import org.apache.spark.deploy.k8s.submit.*;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfile$;
import scala.Option;

/**
 * What Spark's own feature steps ask Kubernetes for, for generated applications.
 *
 * <p>{@code SparkPods generate DIR VERSION SEED COUNT} writes COUNT resources into DIR and what the steps of the Spark on the class
 * path make of them into DIR/expected.tsv; {@code SparkPods compare DIR FACTS.json} says where {@code sparkproof facts} differs.
 */
public class SparkPods {
    static final String[] SIZES = {"512m", "1g", "2048m", "3g", "1500m", "4096m", "7g", "16g", "48g", "900m", "1048576k", "10G"};
    static final String[] OVERHEADS = {"256m", "384m", "1g", "512", "2048", "100m", "1025k"};
    static final String[] FACTORS = {"0.05", "0.1", "0.2", "0.25", "0.4", "0.55", "1", "1.5"};
    static final String[] CPUS = {"500m", "1", "1500m", "0.25", "2", "100m", "3.5"};

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "generate" -> generate(Path.of(args[1]), args[2], Long.parseLong(args[3]), Integer.parseInt(args[4]));
            case "compare" -> compare(Path.of(args[1]), new File(args[2]));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    static void generate(Path folder, String version, long seed, int count) throws Exception {
        Files.createDirectories(folder);
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < count; i++) {
            App app = new App(new Random(seed * 1000 + i), version, "app-" + version.replace('.', '-') + "-" + i);
            Files.writeString(folder.resolve(app.name + ".yaml"), app.yaml());
            for (String[] pod : app.pods()) expected.append(String.join("\t", pod)).append('\n');
        }
        Files.writeString(folder.resolve("expected.tsv"), expected);
    }

    /** One application: what its operator hands to Spark, and the resource that says it. */
    static class App {
        final Random random;
        final String version, name;
        final boolean kubeflow, python;
        final Map<String, String> conf = new TreeMap<>();
        final Map<String, Map<String, String>> fields = new TreeMap<>(Map.of("driver", new TreeMap<>(), "executor", new TreeMap<>()));
        String factor;

        App(Random random, String version, String name) {
            this.random = random;
            this.version = version;
            this.name = name;
            kubeflow = random.nextInt(3) > 0;
            python = random.nextInt(2) == 0;
            for (String role : List.of("driver", "executor")) {
                value(role, "memory", "spark." + role + ".memory", SIZES, 80);
                value(role, "memoryOverhead", "spark." + role + ".memoryOverhead", OVERHEADS, 30);
                value(role, "cores", "spark." + role + ".cores", new String[] {"1", "2", "3", "7"}, 60);
                value(role, "coreRequest", "spark.kubernetes." + role + ".request.cores", CPUS, 40);
                value(role, "coreLimit", "spark.kubernetes." + role + ".limit.cores", CPUS, 40);
                setting("spark." + role + ".memoryOverheadFactor", FACTORS, 25);
                setting("spark." + role + ".minMemoryOverhead", OVERHEADS, 25);
                setting("spark.yarn." + role + ".memoryOverhead", OVERHEADS, 5);
            }
            setting("spark.kubernetes.memoryOverheadFactor", FACTORS, 25);
            if (kubeflow && chance(20)) factor = pick(FACTORS);
            setting("spark.executor.pyspark.memory", SIZES, 25);
            if (chance(30)) {
                setting("spark.memory.offHeap.enabled", new String[] {"true", "false"}, 100);
                conf.put("spark.memory.offHeap.size", pick(new String[] {"512m", "2g", "1073741824", "1600000000", "3000000k"}));
            }
        }

        boolean chance(int percent) {
            return random.nextInt(100) < percent;
        }

        String pick(String[] values) {
            return values[random.nextInt(values.length)];
        }

        void setting(String key, String[] values, int percent) {
            if (chance(percent)) conf.put(key, pick(values));
        }

        /** A value that Kubeflow has a field for: written as a field, as a setting, or as both. */
        void value(String role, String field, String key, String[] values, int percent) {
            if (!chance(percent)) return;
            int where = kubeflow ? random.nextInt(4) : 0;
            if (where != 1) conf.put(key, pick(values));
            if (where != 0) fields.get(role).put(field, pick(values));
        }

        /** What the operator hands over: Kubeflow's fields come after its settings. */
        SparkConf handed() {
            SparkConf handed = new SparkConf(false).set("spark.app.name", name).set("spark.master", "k8s://https://kubernetes")
                .set("spark.app.id", name).set("spark.kubernetes.container.image", "spark").set("spark.driver.host", "driver");
            conf.forEach(handed::set);
            if (factor != null) handed.set("spark.kubernetes.memoryOverheadFactor", factor);
            Map<String, String> keys = Map.of("memory", "spark.%s.memory", "memoryOverhead", "spark.%s.memoryOverhead", "cores",
                "spark.%s.cores", "coreRequest", "spark.kubernetes.%s.request.cores", "coreLimit", "spark.kubernetes.%s.limit.cores");
            fields.forEach((role, own) -> own.forEach((field, value) -> handed.set(String.format(keys.get(field), role), value)));
            return handed;
        }

        String yaml() {
            StringBuilder text = new StringBuilder();
            text.append("apiVersion: ").append(kubeflow ? "sparkoperator.k8s.io/v1beta2" : "spark.apache.org/v1");
            text.append("\nkind: SparkApplication\nmetadata:\n  name: ").append(name).append("\nspec:\n");
            if (kubeflow) {
                text.append("  sparkVersion: ").append(version).append("\n  type: ").append(python ? "Python" : "Scala").append('\n');
                text.append("  mainApplicationFile: local:///app/main.").append(python ? "py" : "jar").append('\n');
                if (factor != null) text.append("  memoryOverheadFactor: \"").append(factor).append("\"\n");
                fields.forEach((role, own) -> {
                    text.append("  ").append(role).append(own.isEmpty() ? ": {}\n" : ":\n");
                    own.forEach((key, value) -> {
                        String quote = key.equals("cores") ? "" : "\"";
                        text.append("    ").append(key).append(": ").append(quote).append(value).append(quote).append('\n');
                    });
                });
            } else {
                text.append("  runtimeVersions: { sparkVersion: \"").append(version).append("\" }\n");
                text.append(python ? "  pyFiles: local:///app/main.py\n" : "  jars: local:///app/main.jar\n  mainClass: Main\n");
            }
            text.append("  sparkConf:\n    spark.app.id: ").append(name).append('\n');
            conf.forEach((key, value) -> text.append("    ").append(key).append(": \"").append(value).append("\"\n"));
            return text.toString();
        }

        List<String[]> pods() throws Exception {
            SparkConf handed = handed();
            MainAppResource main = python ? new PythonMainAppResource("local:///app/main.py")
                : new JavaMainAppResource(Option.apply("local:///app/main.jar"));
            KubernetesDriverConf driver = KubernetesConf$.MODULE$.createDriverConf(handed, name, main, "Main", new String[0], Option.empty());
            BasicDriverFeatureStep step = new BasicDriverFeatureStep(driver);
            SparkPod driverPod = step.configurePod(SparkPod$.MODULE$.initialPod());
            // What the driver finds in its own properties is what the submission put there.
            SparkConf inDriver = handed.clone();
            for (KubernetesFeatureConfigStep each : List.of(step, new DriverCommandFeatureStep(driver))) {
                scala.collection.Iterator<scala.Tuple2<String, String>> all = each.getAdditionalPodSystemProperties().iterator();
                while (all.hasNext()) {
                    scala.Tuple2<String, String> one = all.next();
                    inDriver.set(one._1(), one._2());
                }
            }
            ResourceProfile$.MODULE$.clearDefaultProfile();
            ResourceProfile profile = ResourceProfile$.MODULE$.getOrCreateDefaultProfile(inDriver);
            KubernetesExecutorConf executor = KubernetesConf$.MODULE$.createExecutorConf(inDriver, "1", name, Option.empty(), profile.id());
            try {
                SparkPod executorPod = new BasicExecutorFeatureStep(executor, securityManager(inDriver), profile)
                    .configurePod(SparkPod$.MODULE$.initialPod());
                return List.of(row("driver", driverPod), row("executor", executorPod));
            } catch (Exception e) {
                // From 4.1 on Spark itself refuses what the API server would.
                if (!e.getMessage().contains("should be less than or equal to cpu limit")) throw e;
                return List.of(row("driver", driverPod), new String[] {name, "executor", "refused"});
            }
        }

        static SecurityManager securityManager(SparkConf conf) throws Exception {
            Constructor<?> constructor = SecurityManager.class.getConstructors()[0];
            Object[] arguments = new Object[constructor.getParameterCount()];
            arguments[0] = conf;
            for (int i = 1; i < arguments.length; i++) {
                arguments[i] = SecurityManager.class.getMethod("$lessinit$greater$default$" + (i + 1)).invoke(null);
            }
            return (SecurityManager) constructor.newInstance(arguments);
        }

        String[] row(String role, SparkPod pod) {
            var resources = pod.container().getResources();
            return new String[] {name, role, amount(resources.getRequests().get("cpu")), amount(resources.getLimits().get("cpu")),
                amount(resources.getRequests().get("memory")), amount(resources.getLimits().get("memory"))};
        }

        static String amount(io.fabric8.kubernetes.api.model.Quantity quantity) {
            return quantity == null ? "-" : plain(io.fabric8.kubernetes.api.model.Quantity.getAmountInBytes(quantity));
        }
    }

    static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    static void compare(Path folder, File facts) throws Exception {
        JsonNode json = new ObjectMapper().readTree(facts);
        Map<String, String[]> found = new HashMap<>();
        for (JsonNode launch : json.get("spark")) {
            String part = json.get("parts").get(launch.get("part").asInt()).get("name").asText();
            for (JsonNode pod : launch.get("pods")) {
                JsonNode memory = pod.get("memory");
                found.put(part.substring(part.lastIndexOf('/') + 1) + "/" + pod.get("role").asText(),
                    new String[] {of(pod.get("amounts"), "cpu-request"), of(pod.get("amounts"), "cpu-limit"),
                        memory.isNull() ? "?" : plain(new BigDecimal(memory.get("request").asText())),
                        memory.isNull() ? "?" : plain(new BigDecimal(memory.get("limit").asText())),
                        memory.isNull() ? "?" : memory.get("sure").asText()});
            }
        }
        int pods = 0, equal = 0;
        for (String line : Files.readAllLines(folder.resolve("expected.tsv"))) {
            String[] expected = line.split("\t");
            String[] own = found.getOrDefault(expected[0] + "/" + expected[1], new String[] {"?", "?", "?", "?", "?"});
            pods++;
            if (expected.length == 3) {
                if (new BigDecimal(own[1]).compareTo(new BigDecimal(own[0])) < 0) equal++;
                else System.out.println(line + "\tsparkproof\t" + String.join("\t", own));
            } else if (Arrays.equals(Arrays.copyOfRange(expected, 2, 6), Arrays.copyOf(own, 4)) && own[4].equals("true")) equal++;
            else System.out.println(line + "\tsparkproof\t" + String.join("\t", own));
        }
        System.out.println(equal + " of " + pods + " pods equal");
        if (equal != pods) System.exit(1);
    }

    static String of(JsonNode amounts, String name) {
        JsonNode amount = amounts.get(name);
        return amount == null ? "-" : plain(new BigDecimal(amount.get("amount").asText()));
    }
}
