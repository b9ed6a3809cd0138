import java.io.DataInputStream;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * What one release of Spark says of its own settings: loads every class of its jars that declares settings, and prints the
 * registry, the tables of deprecated, renamed and removed keys, and every key that stands in the code as a literal.
 *
 * <p>Each line begins with what it is: `entry`, `deprecated`, `renamed`, `removed`, `sql-deprecated`, `literal`, `added` (a literal
 * of a module that the distribution leaves out; those jars follow `--`). What a value may be is found by handing probes to the entry's own converter.
 */
final class Dump {
    private static final String[] PROBES = {"~", "-1", "0", "1", "2", "1.5", "-1.5", "2.0", "1k", "1h", "true", "[]", "3000000000", "1g"};

    public static void main(String[] args) throws Exception {
        TreeSet<String> literals = new TreeSet<>();
        TreeSet<String> added = new TreeSet<>();
        List<String> declaring = new ArrayList<>();
        TreeSet<String> into = literals;
        for (String jar : args) {
            if (jar.equals("--")) {
                into = added;
            } else if (Files.exists(Path.of(jar))) {
                scan(Path.of(jar), into, declaring);
            }
        }
        added.removeAll(literals);
        for (String name : declaring) {
            try {
                Class.forName(name);
            } catch (Throwable e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                System.err.println("not loaded: " + name + ": " + cause);
            }
        }
        entries();
        table("deprecated", "org.apache.spark.SparkConf$", "deprecatedConfigs");
        table("renamed", "org.apache.spark.SparkConf$", "configsWithAlternatives");
        table("removed", "org.apache.spark.sql.internal.SQLConf$", "removedSQLConfigs");
        table("sql-deprecated", "org.apache.spark.sql.internal.SQLConf$", "deprecatedSQLConfigs");
        literals.forEach(literal -> System.out.println("literal\t" + literal));
        added.forEach(literal -> System.out.println("added\t" + literal));
    }

    /** The classes of a jar that declare settings, and the keys that it holds as literals. */
    private static void scan(Path path, TreeSet<String> literals, List<String> declaring) throws Exception {
        try (JarFile jar = new JarFile(path.toFile())) {
            for (Enumeration<JarEntry> all = jar.entries(); all.hasMoreElements(); ) {
                JarEntry entry = all.nextElement();
                String name = entry.getName();
                if (!name.startsWith("org/apache/spark/") || !name.endsWith(".class")) {
                    continue;
                }
                try (InputStream in = jar.getInputStream(entry)) {
                    if (constants(new DataInputStream(in), literals) && name.endsWith("$.class")) {
                        declaring.add(name.substring(0, name.length() - 6).replace('/', '.'));
                    }
                }
            }
        }
    }

    /** Reads a class file's constants; whether the class makes entries. */
    private static boolean constants(DataInputStream in, TreeSet<String> literals) throws Exception {
        in.readInt();
        in.readInt();
        int count = in.readUnsignedShort();
        boolean declares = false;
        for (int i = 1; i < count; i++) {
            int tag = in.readUnsignedByte();
            switch (tag) {
                case 1 -> {
                    String text = in.readUTF();
                    declares |= text.equals("org/apache/spark/internal/config/ConfigBuilder")
                            || text.equals("org/apache/spark/internal/config/ConfigEntry")
                            || text.contains("SQLConf$ConfigEntry");
                    text = text.replace("\u0001", "");
                    if (text.matches("spark\\.[A-Za-z0-9._-]+")) {
                        literals.add(text);
                    }
                }
                case 3, 4, 9, 10, 11, 12, 17, 18 -> in.readInt();
                case 5, 6 -> {
                    in.readLong();
                    i++;
                }
                case 7, 8, 16, 19, 20 -> in.readUnsignedShort();
                case 15 -> {
                    in.readUnsignedByte();
                    in.readUnsignedShort();
                }
                default -> throw new IllegalStateException("constant " + tag);
            }
        }
        return declares;
    }

    private static Object module(String name) throws Exception {
        return Class.forName(name).getField("MODULE$").get(null);
    }

    private static Object field(Object of, String suffix) throws Exception {
        for (Class<?> type = of.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (field.getName().equals(suffix) || field.getName().endsWith("$$" + suffix)) {
                    field.setAccessible(true);
                    return field.get(of);
                }
            }
        }
        return null;
    }

    private static Object call(Object on, String name, Object... args) throws Exception {
        for (Class<?> type = on.getClass(); type != null; type = type.getSuperclass()) {
            for (Method method : type.getDeclaredMethods()) {
                if (method.getName().equals(name) && method.getParameterCount() == args.length) {
                    method.setAccessible(true);
                    return method.invoke(on, args);
                }
            }
        }
        for (Method method : on.getClass().getMethods()) {
            if (method.getName().equals(name) && method.getParameterCount() == args.length) {
                method.setAccessible(true);
                return method.invoke(on, args);
            }
        }
        return null;
    }

    private static void entries() throws Exception {
        Object registry = field(module("org.apache.spark.internal.config.ConfigEntry$"), "knownConfigs");
        TreeMap<String, Object> known = new TreeMap<>();
        ((Map<?, ?>) registry).forEach((key, entry) -> known.put((String) key, entry));
        for (Map.Entry<String, Object> pair : known.entrySet()) {
            Object entry = pair.getValue();
            Object converter = call(entry, "valueConverter");
            StringBuilder line = new StringBuilder("entry\t" + pair.getKey());
            line.append('\t').append(clean(call(entry, "version")));
            line.append('\t').append(clean(call(entry, "isPublic")));
            line.append('\t').append(clean(call(call(entry, "alternatives"), "mkString", ",")));
            line.append('\t').append(clean(call(entry, "defaultValueString")));
            for (String probe : PROBES) {
                line.append('\t').append(probe(converter, probe));
            }
            line.append('\t').append(folded(converter));
            System.out.println(line);
        }
    }

    /** What the converter says of its first option in the other case; empty where it knows no options. */
    private static String folded(Object converter) {
        java.util.regex.Matcher options = java.util.regex.Pattern.compile("should be one of '?([A-Za-z_]+)").matcher(probe(converter, "~"));
        if (!options.find()) {
            return "";
        }
        String first = options.group(1);
        String other = first.equals(first.toUpperCase()) ? first.toLowerCase() : first.toUpperCase();
        return probe(converter, other);
    }

    private static String probe(Object converter, String text) {
        try {
            Method apply = Class.forName("scala.Function1").getMethod("apply", Object.class);
            apply.setAccessible(true);
            return "=" + clean(apply.invoke(converter, text));
        } catch (Throwable e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return "!" + clean(cause.getMessage() == null ? cause.getClass().getName() : cause.getMessage());
        }
    }

    /** A Scala map whose values are case classes or lists of them. */
    private static void table(String what, String owner, String name) {
        try {
            Object map = field(module(owner), name);
            if (map == null) {
                System.err.println("no table " + name);
                return;
            }
            Object pairs = call(map, "iterator");
            while ((boolean) call(pairs, "hasNext")) {
                Object pair = call(pairs, "next");
                String key = String.valueOf(call(pair, "_1"));
                Object value = call(pair, "_2");
                // Only lists have a size: the others are one case class.
                if (!Class.forName("scala.collection.Seq").isInstance(value)) {
                    System.out.println(what + "\t" + key + product(value));
                    continue;
                }
                Object items = call(value, "iterator");
                while ((boolean) call(items, "hasNext")) {
                    System.out.println(what + "\t" + key + product(call(items, "next")));
                }
            }
        } catch (Throwable e) {
            System.err.println("no table " + name + ": " + e);
        }
    }

    private static String product(Object value) throws Exception {
        StringBuilder text = new StringBuilder();
        int arity = (int) call(value, "productArity");
        for (int i = 0; i < arity; i++) {
            text.append('\t').append(clean(call(value, "productElement", i)));
        }
        return text.toString();
    }

    private static String clean(Object value) {
        return String.valueOf(value).replaceAll("\\s+", " ").trim();
    }
}
