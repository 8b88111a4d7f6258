//! Hashes of passwords, passwords from a master password, and text under a password. They take long on purpose, so that a
//! template may ask for a few only.

use aes::Aes256;
use aes::cipher::block_padding::{NoPadding, Pkcs7};
use aes::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bcrypt::Version;
use hmac::{Hmac, KeyInit, Mac};
use scrypt::Params;
use sha2::Sha256;

use crate::resolve::engine::gotmpl::function::{Args, Function, Host, Outcome, Type};
use crate::resolve::engine::gotmpl::value::Value;

const S: &[Type] = &[Type::Str];
const SS: &[Type] = &[Type::Str, Type::Str];
/// The cost of a hash, as a power of two.
const COST: u32 = 10;
/// The longest password that is hashed, in bytes.
const LONGEST: usize = 72;
/// The bytes of a block of AES.
const BLOCK: usize = 16;
/// What the algorithm of Master Password mixes into all it derives.
const SCOPE: &[u8] = b"com.lyndir.masterpassword";

/// The table of these functions.
pub const TABLE: &[Function] = &[
    Function::host("bcrypt", S, |args, host| Ok(Value::from(hash(args.text(0), host)))),
    Function::host("htpasswd", SS, |args, host| {
        let user = args.text(0);
        Ok(Value::from(if user.contains(':') {
            format!("invalid username: {user}")
        } else {
            format!("{user}:{}", hash(args.text(1), host))
        }))
    }),
    Function::pure("derivePassword", &[Type::Any, Type::Str, Type::Str, Type::Str, Type::Str], derive),
    Function::host("encryptAES", SS, encrypt),
    Function::pure("decryptAES", SS, decrypt),
];

/// Functions that take as long as many steps.
pub const SLOW: &[&str] = &["bcrypt", "htpasswd", "derivePassword"];

/// Dice for a fixed number of bytes.
fn thrown<const N: usize>(host: &mut dyn Host) -> Result<[u8; N], String> {
    host.dice(N).try_into().map_err(|_| "there are no dice to throw".to_owned())
}

/// A hash, or in its place what is wrong, as upstream does.
fn hash(password: &str, host: &mut dyn Host) -> String {
    if password.len() > LONGEST {
        return format!(
            "failed to encrypt string with bcrypt: bcrypt: password length exceeds {LONGEST} bytes"
        );
    }
    let made = thrown(host).and_then(|salt| {
        let made = bcrypt::hash_with_salt(password, COST, salt);
        made.map(|parts| parts.format_for_version(Version::TwoA)).map_err(|error| error.to_string())
    });
    made.unwrap_or_else(|why| format!("failed to encrypt string with bcrypt: {why}"))
}

/// The letters that a mark in the form of a password stands for.
const fn letters(mark: u8) -> &'static [u8] {
    match mark {
        b'V' => b"AEIOU",
        b'C' => b"BCDFGHJKLMNPQRSTVWXYZ",
        b'v' => b"aeiou",
        b'c' => b"bcdfghjklmnpqrstvwxyz",
        b'A' => b"AEIOUBCDFGHJKLMNPQRSTVWXYZ",
        b'a' => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
        b'n' => b"0123456789",
        b'o' => b"@&%?,=[]_:-+*$#!'^~;()/.",
        _ => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
    }
}

/// The forms of a kind of password.
const fn forms(kind: &[u8]) -> Option<&'static [&'static str]> {
    Some(match kind {
        b"maximum" => &["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"],
        b"long" => &[
            "CvcvnoCvcvCvcv",
            "CvcvCvcvnoCvcv",
            "CvcvCvcvCvcvno",
            "CvccnoCvcvCvcv",
            "CvccCvcvnoCvcv",
            "CvccCvcvCvcvno",
            "CvcvnoCvccCvcv",
            "CvcvCvccnoCvcv",
            "CvcvCvccCvcvno",
            "CvcvnoCvcvCvcc",
            "CvcvCvcvnoCvcc",
            "CvcvCvcvCvccno",
            "CvccnoCvccCvcv",
            "CvccCvccnoCvcv",
            "CvccCvccCvcvno",
            "CvcvnoCvccCvcc",
            "CvcvCvccnoCvcc",
            "CvcvCvccCvccno",
            "CvccnoCvcvCvcc",
            "CvccCvcvnoCvcc",
            "CvccCvcvCvccno",
        ],
        b"medium" => &["CvcnoCvc", "CvcCvcno"],
        b"short" => &["Cvcn"],
        b"basic" => &["aaanaaan", "aannaaan", "aaannaaa"],
        b"pin" => &["nnnn"],
        _ => return None,
    })
}

/// The scope, and a name with its length before it.
fn named(name: &str) -> Vec<u8> {
    let length = u32::try_from(name.len()).unwrap_or(u32::MAX);
    [SCOPE, &length.to_be_bytes(), name.as_bytes()].concat()
}

/// A password of the algorithm of Master Password: counter, kind, master password, user and site.
fn derive(args: &Args) -> Outcome {
    let counter = u32::try_from(args.int(0)).map_err(|_| format!("{} is no counter", args.int(0)))?;
    let (kind, password, user, site) = (args.text(1), args.text(2), args.text(3), args.text(4));
    let Some(forms) = forms(kind.as_bytes()) else {
        return Ok(Value::from(format!("cannot find password template {kind}")));
    };
    let params = Params::new(15, 8, 2).map_err(|error| error.to_string())?;
    let mut key = [0; 64];
    scrypt::scrypt(password.as_bytes(), &named(user), &params, &mut key)
        .map_err(|error| error.to_string())?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|error| error.to_string())?;
    mac.update(&named(site));
    mac.update(&counter.to_be_bytes());
    let seed = mac.finalize().into_bytes();
    let (first, rest) = seed.split_first().ok_or("there is no seed")?;
    let form = forms.get(usize::from(*first) % forms.len()).copied().unwrap_or_default();
    let pick = |(mark, drawn): (u8, &u8)| {
        let letters = letters(mark);
        letters.get(usize::from(*drawn) % letters.len()).copied().map(char::from)
    };
    Ok(Value::from(form.bytes().zip(rest).filter_map(pick).collect::<String>()))
}

/// A password as a key: cut or filled with zeros.
fn key(password: &str) -> [u8; 32] {
    let mut key = [0; 32];
    key.iter_mut().zip(password.bytes()).for_each(|(to, from)| *to = from);
    key
}

fn encrypt(args: &Args, host: &mut dyn Host) -> Outcome {
    let (password, text) = (args.text(0), args.text(1));
    if text.is_empty() {
        return Ok(Value::from(""));
    }
    let start: [u8; BLOCK] = thrown(host)?;
    let made = cbc::Encryptor::<Aes256>::new(&key(password).into(), &start.into())
        .encrypt_padded_vec::<Pkcs7>(text.as_bytes());
    Ok(Value::from(STANDARD.encode([&start[..], &made].concat())))
}

fn decrypt(args: &Args) -> Outcome {
    let (password, packed) = (args.text(0), args.text(1));
    if packed.is_empty() {
        return Ok(Value::from(""));
    }
    let bytes = STANDARD.decode(packed).map_err(|_| "illegal base64 data".to_owned())?;
    let (start, body) = bytes.split_first_chunk::<BLOCK>().ok_or("the text is shorter than a block")?;
    let opened = cbc::Decryptor::<Aes256>::new(&key(password).into(), &(*start).into())
        .decrypt_padded_vec::<NoPadding>(body)
        .map_err(|_| "crypto/cipher: input not full blocks".to_owned())?;
    // The last byte says how many were added; another password gives another number.
    let added = opened.last().copied().map_or(0, usize::from);
    let kept = opened.len().checked_sub(added).and_then(|end| opened.get(..end));
    let text = kept.ok_or("the text is not under this password")?;
    Ok(Value::from(String::from_utf8_lossy(text).into_owned()))
}
