//! Which Dockerfile builds the image that a workload runs or that another Dockerfile is based on?

use super::Project;
use super::edge::{EdgeKind, Edges};
use crate::fact::image::parse_reference;
use crate::fact::{Image, ImageName, ImageUse, PartId, PartKind};
use crate::source::{Span, Traced, folder_of, join};
use crate::table::Tables;
use std::collections::{HashMap, HashSet};

/// Folder names that say nothing about the image that is built in them.
const PLAIN_FOLDERS: [&str; 9] =
    ["docker", "src", "build", "image", "images", "app", "main", "container", "dockerfiles"];

/// Adds the edges from workloads and Dockerfiles to the Dockerfiles of their images, and returns the places of all
/// references to images that are built here, whichever of several Dockerfiles builds them.
pub fn link(project: &Project, tables: &Tables, edges: &mut Edges) -> HashSet<Span> {
    let index = Index::new(project, edges);
    let mut built_here = HashSet::new();
    for image in &project.facts.images {
        let at = image.reference.written();
        let (dockerfile, why) = match index.builder(image, tables) {
            Builder::One(dockerfile, why) => (dockerfile, why),
            Builder::Several => {
                edges.ambiguous += 1;
                built_here.insert(at);
                continue;
            }
            Builder::None => continue,
        };
        built_here.insert(at);
        let (kind, verb) = match image.usage {
            // What a builder stage is based on does not end up in the image.
            ImageUse::Base { last: false, .. } => continue,
            ImageUse::Base { .. } => (EdgeKind::Base, "is based on"),
            ImageUse::Runs { .. } => (EdgeKind::RunsImage, "runs"),
        };
        let evidence = format!("`{}` {verb} `{}`, and {why}", project.place(at), image.reference);
        edges.add_for(image.usage.slot(), kind, image.part, dockerfile, at, evidence);
    }
    main_files(project, tables, &index, edges);
    built_here
}

enum Builder {
    One(PartId, String),
    Several,
    None,
}

struct Index<'p> {
    project: &'p Project,
    /// Dockerfiles by path.
    by_path: HashMap<&'p str, PartId>,
    /// Names that something says are built here, by last segment.
    named: HashMap<String, Vec<(&'p ImageName, PartId)>>,
    /// Full names that something builds from a place that is not known, by last segment.
    unplaced: HashMap<String, Vec<String>>,
    /// Dockerfiles by what their folder or suffix calls them.
    called: HashMap<String, Vec<PartId>>,
    /// Dockerfiles by the name of the module they copy.
    copied: HashMap<String, Vec<PartId>>,
}

impl<'p> Index<'p> {
    fn new(project: &'p Project, edges: &Edges) -> Self {
        let builds = || project.facts.parts().filter(|(_, part)| matches!(part.kind, PartKind::ImageBuild(_)));
        let by_path: HashMap<&str, PartId> = builds().map(|(id, part)| (project.path(part.span.file), id)).collect();
        let mut index = Self {
            project,
            by_path,
            named: HashMap::new(),
            unplaced: HashMap::new(),
            called: HashMap::new(),
            copied: HashMap::new(),
        };
        for name in &project.facts.image_names {
            let (full, _, _) = parse_reference(&name.name);
            match name.paths.iter().find_map(|path| index.by_path.get(path.as_str())) {
                Some(id) => index.named.entry(last_segment(&full)).or_default().push((name, *id)),
                None => index.unplaced.entry(last_segment(&full)).or_default().push(full),
            }
        }
        // A script's folder is tried at two places: what one of them explains is not unknown.
        index.unplaced.retain(|short, _| !index.named.contains_key(short));
        for (id, part) in builds() {
            for name in own_names(project.path(part.span.file)) {
                index.called.entry(name).or_default().push(id);
            }
        }
        for edge in edges.list.iter().filter(|edge| edge.kind == EdgeKind::Copies) {
            if let PartKind::Module(module) = &project.part(edge.to).kind {
                let name = module.coordinate.rsplit([':', '/']).next().unwrap_or_default().to_ascii_lowercase();
                index.copied.entry(name).or_default().push(edge.from);
            }
        }
        index
    }

    /// The Dockerfile of an image, by the strongest evidence there is: a build command or pipeline that names it, then the
    /// name of folder, file or module. Public images are never taken for our own unless something says they are built here.
    fn builder(&self, image: &Image, tables: &Tables) -> Builder {
        let short = image.short_name().to_owned();
        let said = |in_prose: bool| {
            let all = self.named.get(&short).into_iter().flatten();
            all.copied()
                .filter(|(name, _)| name.in_prose == in_prose && self.may_be(image, name, tables))
                .collect::<Vec<_>>()
        };
        let commanded = said(false);
        if !commanded.is_empty() {
            return self.said(image, &commanded);
        }
        if let Some(build) = self.variant_folder(image) {
            return Builder::One(build, "the tag is the folder of that Dockerfile".into());
        }
        let public = tables.is_public_image(&image.name);
        let unplaced = self.unplaced.get(&short).into_iter().flatten();
        if unplaced.into_iter().any(|full| !public || *full == image.name) {
            return Builder::Several;
        }
        if let Some(ids) = self.called.get(&short).filter(|_| !public && !self.is_foreign_base(image)) {
            let generic = GENERIC_NAMES.contains(&short.as_str());
            return if generic { Builder::Several } else { self.only(image, ids, "is named like it") };
        }
        let told = said(true);
        if !told.is_empty() {
            return self.said(image, &told);
        }
        match self.copied.get(&short).filter(|_| !public) {
            Some(ids) => self.only(image, ids, "holds the module of that name"),
            None => Builder::None,
        }
    }

    fn only(&self, image: &Image, ids: &[PartId], why: &str) -> Builder {
        let mut ids: Vec<PartId> = ids.iter().copied().filter(|id| *id != image.part).collect();
        ids.dedup();
        match ids.as_slice() {
            [] => Builder::None,
            [one] => Builder::One(*one, format!("`{}` {why}", self.path(*one))),
            _ => Builder::Several,
        }
    }

    /// Whether a build of a name with the same last segment can be a build of this image. A public image is only built
    /// here under its full name; tags of another shape (`3.5.3` and `pi-sleep`) are other images, unless there is only one Dockerfile.
    fn may_be(&self, image: &Image, name: &ImageName, tables: &Tables) -> bool {
        let (built, tag, _) = parse_reference(&name.name);
        if tables.is_public_image(&image.name) && built != image.name {
            return false;
        }
        let tag_of = |tag: &Option<Traced>| tag.as_ref().map_or("latest", Traced::as_str).to_owned();
        let (built, run) = (tag_of(&tag), tag_of(&image.tag));
        let literal = |tag: &str| !tag.contains(['$', '{', '`', '<']);
        // What prose builds as `latest` is not what runs under a release's tag; what a script builds may be pushed as one.
        let moving = !name.in_prose && (is_moving(&built) || is_moving(&run));
        !literal(&built) || !literal(&run) || moving || shape(&built) == shape(&run) || self.by_path.len() == 1
    }

    /// A base with a release's tag is somebody else's image, however the folders here are called.
    fn is_foreign_base(&self, image: &Image) -> bool {
        let released = image.tag.as_ref().is_some_and(|tag| !is_moving(tag.as_str()));
        matches!(image.usage, ImageUse::Base { .. }) && released && self.by_path.len() > 1
    }

    /// Of the Dockerfiles that are said to build images of this name, the one: by the tag where several share the name.
    fn said(&self, image: &Image, said: &[(&'p ImageName, PartId)]) -> Builder {
        let one = |matching: &[&(&'p ImageName, PartId)]| {
            let (name, id) = matching.first()?;
            let same = matching.iter().all(|(_, other)| other == id) && *id != image.part;
            same.then(|| Builder::One(*id, format!("{} says that `{}` builds it", name.how, self.path(*id))))
        };
        let all: Vec<_> = said.iter().collect();
        let tag = image.tag.as_ref().map(crate::source::Traced::as_str);
        let has_tag = |name: &ImageName| parse_reference(&name.name).1.is_some_and(|built| Some(built.as_str()) == tag);
        let tagged: Vec<_> = all.iter().copied().filter(|(name, _)| has_tag(name)).collect();
        match one(&all).or_else(|| one(&tagged)) {
            Some(Builder::One(id, _)) if self.has_twin(image, id) => Builder::Several,
            found => found.unwrap_or(Builder::Several),
        }
    }

    /// Whether a base lies beside another that is called as what is based on it: `Dockerfile.3.2` is for `base/Dockerfile.3.2`,
    /// whichever of that folder is built last.
    fn has_twin(&self, image: &Image, base: PartId) -> bool {
        let ImageUse::Base { .. } = image.usage else { return false };
        let own = self.path(image.part).rsplit('/').next().unwrap_or_default();
        let twin = join(folder_of(self.path(base)), own).and_then(|path| self.by_path.get(path.as_str()).copied());
        own != "Dockerfile" && twin.is_some_and(|twin| twin != base && twin != image.part)
    }

    /// Repositories of official images keep `<version>/<variant>/Dockerfile` for the tag `<version>-<variant>`.
    fn variant_folder(&self, image: &Image) -> Option<PartId> {
        let ImageUse::Base { .. } = image.usage else { return None };
        let tag = image.tag.as_ref()?.as_str();
        let above = folder_of(folder_of(&self.project.part(image.part).folder));
        let path = |(at, _): (usize, &str)| {
            let folder = format!("{}/{}", &tag[..at], &tag[at + 1..]);
            if above.is_empty() { format!("{folder}/Dockerfile") } else { format!("{above}/{folder}/Dockerfile") }
        };
        tag.match_indices('-').find_map(|dash| self.by_path.get(path(dash).as_str()).copied())
    }

    /// Whether a Dockerfile in another folder has a name of its own, and none of an application's images has it.
    fn is_called_otherwise(&self, application: PartId, dockerfile: PartId) -> bool {
        let names = own_names(self.path(dockerfile));
        let beside = self.project.part(application).folder == self.project.part(dockerfile).folder;
        let mut images = self.project.facts.images.iter().filter(|image| image.part == application).peekable();
        let otherwise =
            images.peek().is_some() && images.all(|image| !names.iter().any(|name| name == image.short_name()));
        !names.is_empty() && !beside && otherwise
    }

    fn path(&self, id: PartId) -> &str {
        self.project.path(self.project.part(id).span.file)
    }
}

/// Names that say nothing: a folder called like them is no evidence.
const GENERIC_NAMES: [&str; 10] =
    ["app", "application", "base", "build", "demo", "image", "main", "server", "test", "web"];

fn is_moving(tag: &str) -> bool {
    matches!(tag, "latest" | "dev" | "local" | "main" | "master" | "test")
}

/// A tag with its numbers blotted out: releases of one image differ in numbers alone.
fn shape(tag: &str) -> String {
    let mut shape: String = tag.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    while shape.contains("00") {
        shape = shape.replace("00", "0");
    }
    shape
}

fn last_segment(name: &str) -> String {
    name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase()
}

/// What a Dockerfile is called by its folder (`etl/Dockerfile`, `etl/docker/Dockerfile`) or its own name (`Dockerfile.etl`, `etl.Dockerfile`).
fn own_names(path: &str) -> Vec<String> {
    let file = last_segment(path);
    let own = ["dockerfile.", "dockerfile-", "containerfile."].iter().find_map(|p| file.strip_prefix(p));
    let own = own.or_else(|| [".dockerfile", ".containerfile"].iter().find_map(|s| file.strip_suffix(s)));
    if let Some(own) = own {
        return vec![own.to_owned()];
    }
    let folders = folder_of(path).rsplit('/').map(str::to_ascii_lowercase);
    folders
        .filter(|folder| !folder.is_empty())
        .find(|folder| !PLAIN_FOLDERS.contains(&folder.as_str()))
        .into_iter()
        .collect()
}

/// An application whose jar or script lies inside its image (`local://`) runs the one Dockerfile that copies to that place.
fn main_files(project: &Project, tables: &Tables, index: &Index<'_>, edges: &mut Edges) {
    let mut targets: HashMap<String, Vec<PartId>> = HashMap::new();
    for id in index.by_path.values() {
        let PartKind::ImageBuild(build) = &project.part(*id).kind else { continue };
        let copies = build.final_stages().into_iter().flat_map(|i| &build.stages[i].copies);
        for target in copies.flat_map(copy_targets) {
            let ids = targets.entry(target).or_default();
            // One Dockerfile's targets come one after the other.
            if ids.last() != Some(id) {
                ids.push(*id);
            }
        }
    }
    let public = project.facts.images.iter().filter(|image| tables.is_public_image(&image.name));
    let runs_public: HashSet<PartId> = public.map(|image| image.part).collect();
    for (id, part) in project.facts.parts() {
        let PartKind::Application(application) = &part.kind else { continue };
        let Some(main) = &application.main_file else { continue };
        let Some(path) = main.as_str().strip_prefix("local://") else { continue };
        if runs_public.contains(&id) {
            continue;
        }
        match targets.get(path).map(Vec::as_slice) {
            // `/opt/app.jar` is a convention: a Dockerfile that is called otherwise than the image builds another one.
            Some([one]) if !index.is_called_otherwise(id, *one) => {
                let evidence = format!(
                    "`{}` starts `{path}`, which `{}` copies there",
                    project.place(main.span()),
                    index.path(*one)
                );
                edges.add(EdgeKind::RunsImage, id, *one, main.span(), evidence);
            }
            Some(_) => edges.ambiguous += 1,
            _ => {}
        }
    }
}

/// The full paths that a copy makes: its target, or each file's name below it.
fn copy_targets(copy: &crate::fact::Copy) -> Vec<String> {
    let target = copy.target.as_str();
    let mut paths: Vec<String> = copy
        .sources
        .iter()
        .filter_map(|source| source.as_str().rsplit('/').next())
        .filter(|name| !name.is_empty() && !name.contains('*'))
        .map(|name| format!("{}/{name}", target.trim_end_matches('/')))
        .collect();
    if copy.sources.len() == 1 && !target.ends_with('/') {
        paths.push(target.to_owned());
    }
    paths
}
