use super::*;
use crate::read::mutation;
use crate::source::FileId;

fn read(text: &str, dialect: Dialect) -> Vec<Command> {
    let script = Traced::literal(text, Span::new(FileId(0), 0..text.len()));
    commands(&script, dialect, &Given::new())
}

/// The commands with words, each as its words with `?` before those that are not known.
fn words(text: &str) -> Vec<String> {
    listed(&read(text, Dialect::Shell))
}

fn listed(commands: &[Command]) -> Vec<String> {
    let word = |word: &Word| format!("{}{}", if word.known { "" } else { "?" }, word.as_str());
    let line = |command: &Command| command.words.iter().map(word).collect::<Vec<_>>().join("|");
    commands.iter().filter(|c| !c.words.is_empty()).map(line).collect()
}

#[test]
fn quotes_continuations_and_comments() {
    let text = "# spark-submit --not\nspark-submit --packages 'a:b,c' \\\n  --conf \"k=v w\" \\\r\n  app.py # why\n";
    assert_eq!(words(text), ["spark-submit|--packages|a:b,c|--conf|k=v w|app.py"]);
    assert_eq!(words("a b;c&&d|e&\nf\\ g"), ["a|b", "c", "d", "e", "f g"]);
    assert_eq!(words("a >out 2>&1 <in b &>all c"), ["a|b|c"]);
}

#[test]
fn a_word_knows_its_bytes() {
    let text = "spark-submit --packages 'a:b,c' x";
    let packages = &read(text, Dialect::Shell)[0].words[2];
    assert_eq!(&text[packages.text.span().range()], "a:b,c");
    assert!(packages.text.is_replaceable() && packages.quoted);
}

#[test]
fn variables_are_filled_in_and_remember_where_they_were_assigned() {
    let text = "V=3.5.1\nexport P=\"a:b:$V,c\"\nrun --packages $P ${HOME}/x ${W:-d}\n";
    let commands = read(text, Dialect::Shell);
    assert_eq!(listed(&commands), ["run|--packages|a:b:3.5.1,c|?${HOME}/x|d"]);
    let value = &commands[2].words[2].text;
    assert_eq!(&text[value.slice(4..9).span().range()], "3.5.1");
}

#[test]
fn unquoted_values_are_split_and_arrays_are_spread() {
    assert_eq!(words("O='--a b'\nrun $O \"$O\"x"), ["run|--a|b|--a bx"]);
    assert_eq!(words("A=(--a b # c\n 'd e')\nA+=(f)\nrun \"${A[@]}\" end"), ["run|--a|b|d e|f|end"]);
}

#[test]
fn what_branches_assign_is_unknown_behind_them() {
    assert_eq!(words("V=1\nif x; then V=2; use $V; else use $V; fi\nuse $V"), ["x", "use|2", "use|?$V", "use|?$V"]);
    assert_eq!(words("[ -n a ] && V=1 && use $V\nuse $V"), ["[|-n|a|]", "use|1", "use|?$V"]);
    assert_eq!(words("for v in 1 2; do use $v; done"), ["use|?$v"]);
    assert_eq!(words("V=$(date)\nuse $V"), ["date", "use|?$(date)"]);
    assert_eq!(words("V=\"$(dirname a)/x y\"\nuse $V"), ["dirname|a", "use|?$(dirname a)/x|?y"]);
}

#[test]
fn here_documents_and_patterns_are_no_commands() {
    assert_eq!(words("cat <<EOF > x\nspark-submit a\nEOF\nreal"), ["cat", "real"]);
    assert_eq!(
        words("case $1 in\n  spark-submit|pyspark) run a ;;\n  *) run b ;;\nesac\nend"),
        ["run|a", "run|b", "end"]
    );
    assert_eq!(words("spark() {\n  run x\n}\nspark"), ["run|x", "spark"]);
}

#[test]
fn makefiles_and_justfiles() {
    let make = "V ?= 1\nrun: dep\n\t@spark-submit --x $(V) $${HOME} \\\n\t  a.py\n\t-$(SPARK)/bin/y $@\nP := b\n";
    assert_eq!(listed(&read(make, Dialect::Make)), ["@spark-submit|--x|1|?$${HOME}|a.py", "?-$(SPARK)/bin/y|?$@"]);
    let just = "v := \"1\"\nrun:\n  spark-submit {{v}} {{ f(v) }}\n";
    assert_eq!(listed(&read(just, Dialect::Just)), ["spark-submit|1|?{{ f(v) }}"]);
}

#[test]
fn pipelines() {
    let text = "stage('x') { sh 'a b'\n sh \"\"\"\n c d\n e \"f g\"\n\"\"\"\n sh(script: \"h\", x: 1) }\n// push 'z'";
    assert_eq!(listed(&read(text, Dialect::Groovy)), ["a|b", "c|d", "e|f g", "h"]);
    assert_eq!(words("run ${{ env.V }} ${{ matrix.x }}"), ["run|?${{ env.V }}|?${{ matrix.x }}"]);
}

#[test]
fn broken_texts_end() {
    for text in ["", "'", "\"", "$(", "${", "`", "A=(", "a <<", "\\", "((((", "case x in", "${A:-${B:-${C:-"] {
        read(text, Dialect::Shell);
    }
    let deep = "$(".repeat(20_000);
    read(&deep, Dialect::Shell);
    let doubling: String = (0..60).fold(String::new(), |all, i| all + &format!("V{}=$V{i}$V{i}\n", i + 1));
    read(&format!("V0=abcdefgh\n{doubling}use $V60 $V59"), Dialect::Shell);
}

#[test]
fn no_mutation_leaves_the_text() {
    let samples = [
        "V=3.5.1\nO=(--a \"b $V\")\nif x; then\n spark-submit \"${O[@]}\" --conf 'k=v' $(d `e`) ${W:-x} \\\n a.py <<E\nz\nE\nfi",
        "V ?= 1\nifdef X\nW = 2\nendif\nrun:\n\t@spark-submit $(V) $${X} \\\n\t a\n",
        "sh \"\"\"\nspark-submit é ${V}\n\"\"\"\nsh 'x'",
    ];
    mutation::each(&samples, |text| {
        for dialect in [Dialect::Shell, Dialect::Make, Dialect::Just, Dialect::Groovy] {
            for command in read(text, dialect) {
                mutation::inside(text, command.span);
                command.words.iter().for_each(|word| mutation::traced(text, &word.text));
            }
        }
    });
}
