//! Global ids of GraphQL: the opaque form of today, and the form in Base64 that GitHub still takes.

use base64::{Engine as _, prelude::BASE64_STANDARD, prelude::BASE64_URL_SAFE_NO_PAD};

/// What a global id names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeKind {
    /// A user.
    User,
    /// A repository.
    Repository,
    /// A pull request.
    PullRequest,
}

/// A global id: a kind and the database's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NodeId {
    /// What it names.
    pub kind: NodeKind,
    /// The number in the database, which fits into 32 bits here.
    pub number: u64,
}

impl NodeKind {
    const ALL: [Self; 3] = [Self::User, Self::Repository, Self::PullRequest];

    /// The name of the type in GraphQL.
    pub fn type_name(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Repository => "Repository",
            Self::PullRequest => "PullRequest",
        }
    }

    fn prefix(self) -> &'static str {
        match self {
            Self::User => "U_",
            Self::Repository => "R_",
            Self::PullRequest => "PR_",
        }
    }
}

impl NodeId {
    /// The opaque form, such as `R_kgDOABPHJQ`.
    pub fn modern(self) -> String {
        let number = u32::try_from(self.number).expect("numbers of the world fit into 32 bits");
        // An array of two in MessagePack: zero and the number.
        let mut bytes = vec![0x92, 0x00, 0xce];
        bytes.extend(number.to_be_bytes());
        format!("{}{}", self.kind.prefix(), BASE64_URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The form in Base64, such as that of `010:Repository1296269`.
    pub fn legacy(self) -> String {
        let name = self.kind.type_name();
        BASE64_STANDARD.encode(format!("{:03}:{name}{}", name.len(), self.number))
    }

    /// Reads either form. The length before the name is written with two digits or three.
    pub fn read(text: &str) -> Option<Self> {
        let modern = NodeKind::ALL.into_iter().find_map(|kind| {
            let bytes = BASE64_URL_SAFE_NO_PAD.decode(text.strip_prefix(kind.prefix())?).ok()?;
            let number: [u8; 4] = bytes.strip_prefix(&[0x92, 0x00, 0xce])?.try_into().ok()?;
            Some(Self { kind, number: u32::from_be_bytes(number).into() })
        });
        modern.or_else(|| {
            let decoded = String::from_utf8(BASE64_STANDARD.decode(text).ok()?).ok()?;
            let (length, rest) = decoded.split_once(':')?;
            let (name, number) = rest.split_at_checked(length.parse().ok()?)?;
            let kind = NodeKind::ALL.into_iter().find(|kind| kind.type_name() == name)?;
            Some(Self { kind, number: number.parse().ok()? })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read() {
        for kind in NodeKind::ALL {
            let id = NodeId { kind, number: 1_296_269 };
            assert_eq!(NodeId::read(&id.modern()), Some(id));
            assert_eq!(NodeId::read(&id.legacy()), Some(id));
        }
        let written = |text: &str| NodeId::read(&BASE64_STANDARD.encode(text));
        assert_eq!(written("010:Repository1296269"), Some(NodeId { kind: NodeKind::Repository, number: 1_296_269 }));
        assert_eq!(written("04:User1"), Some(NodeId { kind: NodeKind::User, number: 1 }));
        assert_eq!(written("011:PullRequest42"), Some(NodeId { kind: NodeKind::PullRequest, number: 42 }));
        for wrong in ["", "R_", "R_zzzz", "U_kgDOABPHJQ=", "nonsense", "MDEwOlJlcG8="] {
            assert_eq!(NodeId::read(wrong), None, "{wrong}");
        }
    }
}
