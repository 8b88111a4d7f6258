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
}

impl Sources {
    /// Keeps a text.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> SourceId {
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
        self.texts.get(id.0)
    }

    /// Makes room for a document that is about to be made.
    pub fn reserve(&mut self) -> DocId {
        self.documents.push(None);
        DocId(self.documents.len() - 1)
    }

    /// Keeps a document's tree as it is now, so that paths of later stages find their places.
    pub fn keep(&mut self, id: DocId, root: Arc<Node>) {
        if let Some(slot) = self.documents.get_mut(id.0) {
            *slot = Some(root);
        }
    }

    /// All kept documents.
    pub fn documents(&self) -> impl Iterator<Item = &Arc<Node>> {
        self.documents.iter().flatten()
    }

    /// A kept document.
    pub fn document(&self, id: DocId) -> Option<&Arc<Node>> {
        self.documents.get(id.0)?.as_ref()
    }
}
