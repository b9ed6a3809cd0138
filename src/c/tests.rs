use super::{preambles, read, read_part};
use crate::read::mutation;
use crate::source::FileId;

/// What each function of a text keeps: the variable, and the words at the way out.
fn kept(text: &str) -> Vec<String> {
    let found = read(FileId(0), text).body.kept;
    let way = |kept: &super::Kept| kept.way_out.map_or("never", |span| &text[span.range()]);
    found.iter().map(|kept| format!("{} {}", kept.variable, way(kept))).collect()
}

/// A body with a string taken as `s`.
fn body(rest: &str) -> Vec<String> {
    kept(&format!(
        "JNIEXPORT jint JNICALL Java_a_B_c(JNIEnv *env, jclass cls, jstring text, jint n) {{\n  const char *s = (*env)->GetStringUTFChars(env, text, NULL);\n{rest}\n}}\n"
    ))
}

const RELEASE: &str = "(*env)->ReleaseStringUTFChars(env, text, s);";

#[test]
fn a_way_without_a_release_is_found() {
    assert_eq!(body("return strlen(s);"), ["s never"]);
    assert_eq!(body("int len = strlen(s);"), ["s never"]);
    assert_eq!(body("names.push_back(std::string(s));"), ["s never"]);
    assert_eq!(body(&format!("if (n) return 1; {RELEASE} return 0;")), ["s return"]);
    assert_eq!(
        body(&format!("if (s == NULL) return 1; if (n < 0) {{ log(\"x\"); return 2; }} {RELEASE} return 0;")),
        ["s return"]
    );
    assert_eq!(body(&format!("switch (n) {{ case 1: {RELEASE} return 1; default: return 0; }}")), ["s return"]);
    assert_eq!(body(&format!("while (n--) {{ if (bad(n)) return -1; }} {RELEASE} return 0;")), ["s return"]);
    assert_eq!(body(&format!("if (n) goto out; {RELEASE} out: return 0;")), ["s return"]);
    assert_eq!(body(&format!("if (n) {{ {RELEASE} return 1; }} else {{ use(s); }}")), ["s }"]);
    assert_eq!(body(&format!("if (open(s) < 0) {{ return throwIt(env, \"no\"); }} {RELEASE}")), ["s return"]);
    assert_eq!(
        kept(
            "jint f(JNIEnv* env, jobjectArray all) { for (int i = 0; i < 3; i++) { jstring t = at(i); const char* s = env->GetStringUTFChars(t, 0); use(s); } return 0; }"
        ),
        ["s never"]
    );
    assert_eq!(
        kept(
            "void f(JNIEnv* env, jbyteArray a) { jbyte* b = env->GetByteArrayElements(a, nullptr); if (!b) { return; } std::string copy(reinterpret_cast<char*>(b), 3); use(copy); }"
        ),
        ["b never"]
    );
    assert_eq!(
        kept(
            "int f(JNIEnv* env, jbyteArray a) { void *b; if ((b = (*env)->GetPrimitiveArrayCritical(env, a, 0)) == NULL) return 1; memset(b, 0, 3); return 0; }"
        ),
        ["b never"]
    );
    assert_eq!(
        kept(
            "int f(JNIEnv* env, jobject o) { jobject g = env->NewGlobalRef(o); env->CallVoidMethod(g, m); return 0; }"
        ),
        ["g never"]
    );
    assert_eq!(
        kept(
            "namespace a { class B { static int f(struct ArrowArrayStream* s) { struct ArrowArray array; int rc = s->get_next(s, &array); if (rc != 0) return rc; return array.length; } }; }"
        ),
        ["array never"]
    );
}

#[test]
fn what_is_given_back_or_away_is_none() {
    for rest in [
        format!("int n2 = strlen(s); {RELEASE} return n2;"),
        format!("if (s == NULL) return 0; {RELEASE} return 1;"),
        format!("if (!s) {{ return 0; }} {RELEASE} return 1;"),
        format!("if (s) {{ use(s); {RELEASE} }} return 1;"),
        format!("if (s != NULL) {RELEASE} return 1;"),
        format!("if ((*env)->ExceptionCheck(env)) return 0; {RELEASE}"),
        format!("if (n) goto out; use(s); out: {RELEASE} return 0;"),
        format!("do {{ if (n) break; use(s); }} while (0); {RELEASE} return 0;"),
        format!("if (n) {{ {RELEASE} return 1; }} {RELEASE} return 0;"),
        format!("if (n) {{ {RELEASE} }} else {{ {RELEASE} }}"),
        format!("if (n) {{ abort(); }} {RELEASE}"),
        format!("try {{ go(s); }} catch (...) {{ return 1; }} {RELEASE}"),
        format!("auto f = [&](int x) {{ return x; }}; {RELEASE}"),
        "return s;".to_owned(),
        "ctx->name = s;".to_owned(),
        "*out = s;".to_owned(),
        "const char *t = s; keep(t);".to_owned(),
        "release_all(env, text, s);".to_owned(),
        "helper(env, s);".to_owned(),
        "Guard guard(env, text, s);".to_owned(),
        "struct pair p = { s, 1 };".to_owned(),
        "take(&s);".to_owned(),
        "parts.push_back(std::make_tuple(text, s, 1));".to_owned(),
        format!("if (text == NULL) return 0; {RELEASE}"),
        "CHECKED(s);".to_owned(),
    ] {
        assert_eq!(body(&rest), Vec::<String>::new(), "{rest}");
    }
    for text in [
        "static jclass cls; void f(JNIEnv *env, jclass c) { cls = (*env)->NewGlobalRef(env, c); }",
        "void f(JNIEnv *env, jclass c) { static jclass cls = 0; cls = (*env)->NewGlobalRef(env, c); }",
        "jobject f(JNIEnv *env, jobject o) { return (*env)->NewGlobalRef(env, o); }",
        "jobject f(JNIEnv *env, jobject o) { jobject g = (*env)->NewGlobalRef(env, o); return g; }",
        "void f(JNIEnv *env, jobject o) { jobject g = env->NewGlobalRef(o); callbacks.push_back(g); }",
        "void f(JNIEnv *env, jobject o) { auto* cb = new Callback(env->NewGlobalRef(o)); cb->go(); }",
        "void f(JNIEnv *env, jstring t, int n) { const char *s = NULL; if (t != NULL) s = (*env)->GetStringUTFChars(env, t, 0); go(s); if (t != NULL) (*env)->ReleaseStringUTFChars(env, t, s); }",
        "void f(JNIEnv *env, jstring t) { const char *s = t == NULL ? NULL : (*env)->GetStringUTFChars(env, t, 0); go(s); if (s) (*env)->ReleaseStringUTFChars(env, t, s); }",
        "int f(struct ArrowArrayStream* s) { struct ArrowArray array; while (1) { if (s->get_next(s, &array) != 0) return 1; if (array.release == NULL) break; use(array.length); array.release(&array); } return 0; }",
        "int f(struct ArrowArrayStream* s) { struct ArrowSchema schema; int rc = s->get_schema(s, &schema); if (rc != 0) return rc; ArrowSchemaRelease(&schema); return 0; }",
        "int f(struct ArrowArrayStream* s) { struct ArrowSchema schema; if (s->get_schema(s, &schema) == 0) { import_schema(&schema); } return 0; }",
        "#if 0\nvoid f(JNIEnv *env, jstring t) { const char *s = (*env)->GetStringUTFChars(env, t, 0); }\n#endif\n",
        "// const char *s = (*env)->GetStringUTFChars(env, t, 0);\nint x = 1;",
    ] {
        assert_eq!(kept(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn the_c_of_a_go_file_is_found() {
    let go = "package a\r\n\r\n/*\r\nvoid f(JNIEnv *env, jstring t) { const char *s = (*env)->GetStringUTFChars(env, t, 0); go(s); }\r\n*/\r\nimport \"C\"\r\n";
    let parts = preambles(go);
    assert_eq!(parts.len(), 1);
    let found = read_part(FileId(0), go, parts[0].clone()).body.kept;
    assert_eq!(&go[found[0].span.range()], "GetStringUTFChars");
    assert!(preambles("/* a */\n\nimport \"C\"\n").is_empty());
}

#[test]
fn hostile_code_does_no_harm() {
    assert_eq!(kept(""), Vec::<String>::new());
    for shape in
        ["{", "(", "if (a) ", "else if (a) ", "do ", "{ if (a) { ", "x(){", "#if x\n", "\"", "f() { a(b, (", "case 1: "]
    {
        let text =
            format!("void f(JNIEnv *env) {{ char *s = env->GetStringUTFChars(a, b); {} }}", shape.repeat(20_000));
        read(FileId(0), &text);
    }
    let many = "const char *s = env->GetStringUTFChars(a, b); use(s);\n".repeat(20_000);
    read(FileId(0), &format!("void f(JNIEnv *env) {{ {many} }}"));
    let sample = "\u{feff}void f(JNIEnv *env, jstring t) {\r\n  const char *s = (*env)->GetStringUTFChars(env, t, NULL);\r\n  if (!s) { return; } else if (n == 'x') goto out;\r\n  for (;;) { switch (n) { case 1: break; default: continue; } }\r\nout:\r\n  do { use(\"é\", s); } while (0);\r\n}\r\n";
    assert_eq!(kept(sample), ["s never"]);
    mutation::each(&[sample], |text| {
        let reading = read(FileId(0), text);
        let spans = reading.body.kept.iter().flat_map(|kept| [Some(kept.span), kept.way_out]).flatten();
        for span in spans.chain(reading.comments).chain(reading.losses.iter().map(|loss| loss.span)) {
            mutation::inside(text, span);
        }
    });
}
