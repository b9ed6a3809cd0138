//! Tasks: what configures them, and which of them are of interest.

use super::call::argument_name;
use super::{Delegate, Run};
use crate::read::gradle::{Argument, Block, Expression, ExpressionKind as Kind};
use crate::source::Span;

impl<'a> Run<'_, 'a> {
    /// `task x(type: Jar) { … }`.
    pub(super) fn task_call(&mut self, project: usize, arguments: &'a [Argument], block: &'a Block) {
        let Some(Kind::Call { callee, arguments, block: own }) = arguments.first().map(|a| &a.value.kind) else {
            return;
        };
        let Kind::Name(name) = &callee.kind else { return };
        let block = own.as_ref().unwrap_or(block);
        let kind = match argument_name(arguments, "type") {
            Some(kind) => kind,
            None => name.to_string(),
        };
        self.task_block(project, name, &kind, block);
    }

    /// The block of a task of a name and type.
    pub(super) fn task_block(&mut self, project: usize, name: &str, kind: &str, block: &'a Block) {
        let known = match kind {
            "ShadowJar" => "shadowJar",
            "Jar" if name != "jar" => "fatJar",
            "JavaCompile" => "compileJava",
            "ScalaCompile" => "compileScala",
            "KotlinCompile" | "KotlinJvmCompile" => "compileKotlin",
            _ => name,
        };
        if is_ours(known) {
            self.note_task(project, known, block, block.span);
            self.with(Delegate::Extension(project, vec![known.into()]), |run| run.run_block(block));
        }
    }

    /// What the mere presence of a task's block says.
    pub(super) fn note_task(&mut self, project: usize, name: &str, block: &'a Block, span: Span) {
        let archives = &mut self.projects[project].archives;
        match name {
            "shadowJar" => {
                archives.shadow_at.get_or_insert(span);
                archives.merge = archives.merge.take().or_else(|| block.insert_first("mergeServiceFiles()"));
            }
            "jar" | "fatJar" if unpacks(block) => drop(archives.fat_jar.get_or_insert(span)),
            _ => {}
        }
    }
}

/// Tasks whose settings we look at.
pub(super) fn is_ours(task: &str) -> bool {
    matches!(
        task,
        "jar" | "fatJar" | "shadowJar" | "bootJar" | "war" | "compileJava" | "compileScala" | "compileKotlin"
    )
}

/// Whether a block unpacks archives into another: `from { configurations.runtimeClasspath.collect { zipTree(it) } }`.
fn unpacks(block: &Block) -> bool {
    let is_archive =
        |e: &Expression| matches!(&e.kind, Kind::Name(name) | Kind::Member(_, name) if &**name == "zipTree");
    block.expressions().into_iter().any(is_archive)
}
