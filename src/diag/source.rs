//! The texts that were read, and the trees with places that were made of them.

use std::sync::Arc;

use crate::model::flow::{DocId, SourceId};
use crate::model::node::Node;

/// A text and the name a person knows it by.
#[derive(Debug, Clone)]
pub struct Source {
    /// A path as the user wrote it, `<stdin>`, `--override-property #2`, or `builtin://postgres`.
    pub name: String,
    /// The text.
    pub text: Arc<str>,
}

/// All texts and documents of a run.
#[derive(Debug, Default)]
pub struct Sources {
    texts: Vec<Source>,
    documents: Vec<Option<Arc<Node>>>,
    /// Those that these stand beside: they answer, and only trees are kept here.
    base: Option<Arc<Sources>>,
    kept: Vec<(DocId, Arc<Node>)>,
}

impl Sources {
    /// For a thread that reads documents of others.
    pub fn beside(base: &Arc<Self>) -> Self {
        Self { base: Some(Arc::clone(base)), ..Self::default() }
    }

    /// The trees that were kept beside others.
    pub fn into_kept(self) -> Vec<(DocId, Arc<Node>)> {
        self.kept
    }

    /// Keeps a text.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> SourceId {
        assert!(self.base.is_none(), "texts are read before documents are read side by side");
        self.texts.push(Source { name: name.into(), text: text.into() });
        SourceId(self.texts.len() - 1)
    }

    /// Lets go of the text that was kept last; of any other nothing is let go.
    pub fn forget(&mut self, id: SourceId) {
        if id.0 + 1 == self.texts.len() {
            self.texts.pop();
        }
    }

    /// A kept text.
    pub fn text(&self, id: SourceId) -> Option<&Source> {
        match &self.base {
            Some(base) => base.text(id),
            None => self.texts.get(id.0),
        }
    }

    /// All texts that were read by this one, in order.
    pub fn texts(&self) -> impl Iterator<Item = &Source> {
        self.texts.iter()
    }

    /// Makes room for a document that is about to be made.
    pub fn reserve(&mut self) -> DocId {
        assert!(self.base.is_none(), "documents are numbered before they are read side by side");
        self.documents.push(None);
        DocId(self.documents.len() - 1)
    }

    /// Keeps a document's tree as it is now, so that paths of later stages find their places.
    pub fn keep(&mut self, id: DocId, root: Arc<Node>) {
        if self.base.is_some() {
            self.kept.push((id, root));
        } else if let Some(slot) = self.documents.get_mut(id.0) {
            *slot = Some(root);
        }
    }

    /// All kept documents.
    pub fn documents(&self) -> impl Iterator<Item = &Arc<Node>> {
        self.documents.iter().flatten()
    }

    /// A kept document.
    pub fn document(&self, id: DocId) -> Option<&Arc<Node>> {
        match &self.base {
            Some(base) => {
                let kept = self.kept.iter().find(|(kept, _)| *kept == id).map(|(_, root)| root);
                kept.or_else(|| base.document(id))
            }
            None => self.documents.get(id.0)?.as_ref(),
        }
    }
}
