//! The Go files and modules below a folder, without what the go command passes over.

use sparkproof::source::{Format, Location, Source};
use std::path::Path;

/// All of them, by path.
pub fn files(root: &Path) -> Vec<Source> {
    let mut files = Vec::new();
    walk(root, root, &mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn walk(root: &Path, folder: &Path, files: &mut Vec<Source>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        let name = entry.file_name().into_string().unwrap_or_default();
        let path = entry.path();
        if entry.file_type().is_ok_and(|t| t.is_dir()) {
            if !name.starts_with(['.', '_']) && !["vendor", "testdata"].contains(&name.as_str()) {
                walk(root, &path, files);
            }
            continue;
        }
        let format = match name.as_str() {
            "go.mod" | "go.work" => Format::GoMod,
            name if name.strip_suffix(".go").is_some() => Format::Go,
            _ => continue,
        };
        let below = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
        files.push(Source { path: below, location: Location::Disk(path), format });
    }
}
