//! The pages of `rules/`: sections, and the projects in their examples.

use super::marker::{self, Marker};
use std::fs;
use std::path::{Path, PathBuf};

/// The sections whose code blocks are projects.
const PROJECTS: [&str; 3] = ["Bad", "Good", "Fixed"];

/// A page, read.
#[derive(Debug)]
pub struct Page {
    /// Below `rules/`: `versions/scala-binary-mismatch.md`.
    pub path: String,
    /// What stands behind `# `.
    pub title: String,
    /// What stands behind `## `, in order.
    pub sections: Vec<String>,
    /// The projects of all sections, in order.
    pub projects: Vec<Project>,
    /// What is wrong with the page itself.
    pub faults: Vec<String>,
}

/// The files of one example.
#[derive(Debug)]
pub struct Project {
    /// `Bad`, `Good` or `Fixed`.
    pub section: String,
    /// What stands behind `### `; empty where the section is one project.
    pub title: String,
    /// The line of the page it begins at.
    pub line: usize,
    /// Its files, without marker lines.
    pub files: Vec<File>,
}

/// One code block.
#[derive(Debug)]
pub struct File {
    /// Its path below the project's root.
    pub path: String,
    /// Its text, without marker lines.
    pub text: String,
    /// What the marker lines said.
    pub markers: Vec<Marker>,
}

/// The folder of the pages.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")
}

/// The paths of all pages below `rules/`, sorted: every Markdown file in a group's folder.
pub fn paths() -> Vec<String> {
    let files = walkdir::WalkDir::new(folder()).min_depth(2).sort_by_file_name().into_iter().map(Result::unwrap);
    let pages = files.filter(|entry| entry.path().extension().is_some_and(|e| e == "md"));
    pages.map(|entry| entry.path().strip_prefix(folder()).unwrap().to_str().unwrap().replace('\\', "/")).collect()
}

/// All pages.
pub fn all() -> Vec<Page> {
    let read = |path: &String| Page::parse(path, &fs::read_to_string(folder().join(path)).unwrap());
    paths().iter().map(read).collect()
}

impl Page {
    /// Reads a page. What is wrong with it is in its faults.
    pub fn parse(path: &str, text: &str) -> Self {
        let mut page = Self {
            path: path.to_owned(),
            title: text.lines().next().and_then(|line| line.strip_prefix("# ")).unwrap_or_default().to_owned(),
            sections: Vec::new(),
            projects: Vec::new(),
            faults: Vec::new(),
        };
        let mut lines = text.lines().enumerate();
        while let Some((number, line)) = lines.next() {
            if let Some(section) = line.strip_prefix("## ") {
                page.sections.push(section.trim().to_owned());
                page.open(number + 1, "");
            } else if let Some(title) = line.strip_prefix("### ") {
                page.open(number + 1, title.trim());
            } else if line.starts_with("```") {
                let info = line.trim_start_matches('`');
                let fence = &line[..line.len() - info.len()];
                let block: Vec<&str> = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != fence).collect();
                page.block(number + 1, info, &block);
            }
        }
        page.projects.retain(|project| !project.files.is_empty());
        page
    }

    /// The rule's id, from the file's name.
    pub fn id(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".md")
    }

    /// The projects of a section.
    pub fn section<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Project> {
        self.projects.iter().filter(move |project| project.section == name)
    }

    fn open(&mut self, line: usize, title: &str) {
        let section = self.sections.last().cloned().unwrap_or_default();
        self.projects.push(Project { section, title: title.to_owned(), line, files: Vec::new() });
    }

    fn block(&mut self, line: usize, info: &str, block: &[&str]) {
        let Some(project) = self.projects.last_mut().filter(|p| PROJECTS.contains(&p.section.as_str())) else { return };
        let Some((language, path)) = info.split_once(' ') else {
            self.faults.push(format!("line {line}: a block of an example needs a path: write ```{info} path"));
            return;
        };
        if project.files.iter().any(|file| file.path == path) {
            self.faults.push(format!("line {line}: this project has two files `{path}`"));
        }
        let (text, markers, faults) = marker::split(block, language);
        self.faults.extend(faults.into_iter().map(|(n, fault)| format!("line {}: {fault}", line + 1 + n)));
        if project.section != "Bad" && !markers.is_empty() {
            self.faults.push(format!("line {line}: only bad examples have markers"));
        }
        project.files.push(File { path: path.to_owned(), text, markers });
    }
}
