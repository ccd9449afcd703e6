import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { canonicalJson } from './chain.ts'
import type { Entry } from './entries.ts'

export type ProofEntry = Extract<Entry, { type: 'morning-proof' }>
/** What is signed: everything of the entry but the signature itself. */
export type ProofBody = Omit<ProofEntry, 'signature' | 'publicKey'>

export interface ProofSigner {
  /** 32 bytes, base64url. */
  readonly publicKey: string
  sign(body: ProofBody): ProofEntry
}

/** PKCS #8 around the 32 bytes of an Ed25519 key (RFC 8410). */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex')
const spkiHead = Buffer.from('302a300506032b6570032100', 'hex')

/** Signs with a key made of `seed`, 32 bytes of their own for this purpose. */
export function proofSigner(seed: KeyObject): ProofSigner {
  const key = createPrivateKey({
    key: Buffer.concat([pkcs8Head, seed.export()]),
    format: 'der',
    type: 'pkcs8',
  })
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(spkiHead.length)
  const shown = publicKey.toString('base64url')
  return {
    publicKey: shown,
    sign(body) {
      const signature = sign(null, signedText({ ...body, publicKey: shown }), key).toString('base64url')
      return { ...body, publicKey: shown, signature }
    },
  }
}

/** Whether the key that the entry names made its signature. Whose key that is, the reader must know. */
export function isSigned({ signature, ...body }: ProofEntry): boolean {
  try {
    const der = Buffer.concat([spkiHead, Buffer.from(body.publicKey, 'base64url')])
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
    return verify(null, signedText(body), key, Buffer.from(signature, 'base64url'))
  } catch {
    return false // no key at all
  }
}

function signedText(body: Omit<ProofEntry, 'signature'>): Buffer {
  return Buffer.from(canonicalJson(body))
}
