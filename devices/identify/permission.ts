import { constants, type Stats } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { textOf } from './files.ts'
import { type PortRoots, type User, userName } from './roots.ts'

/** What permissions say about one device file. */
export interface Permission {
  readonly allowed: boolean
  /** The group that may use it, where that is not root's own. */
  readonly group: string | undefined
  /** Whether the system's list has the user in that group; it counts from the next sign-in on. */
  readonly member: boolean
}

/** Whether the kiosk's user may read and write a device file; undefined when it is not there. */
export async function permissionOf(roots: PortRoots, node: string): Promise<Permission | undefined> {
  const facts = await stat(node).catch(() => undefined)
  if (!facts) return undefined
  const group = await groupOf(roots, facts.gid)
  return {
    allowed: roots.user ? mayUse(roots.user, facts) : await mayIUse(node),
    group: group?.name === 'root' || !(facts.mode & 0o060) ? undefined : group?.name,
    member: group?.members.includes(userName(roots)) ?? false,
  }
}

const mayIUse = (node: string) =>
  access(node, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  )

/** As the system decides it: the first of owner, group and others that fits. */
function mayUse(user: User, { mode, uid, gid }: Stats): boolean {
  if (user.uid === 0) return true
  const shift = uid === user.uid ? 6 : user.groups.includes(gid) ? 3 : 0
  return ((mode >> shift) & 0o6) === 0o6
}

/** A user of the system's lists, so that a technician can ask about the kiosk's user as another one. */
export async function findUser(roots: PortRoots, name: string): Promise<User | undefined> {
  const account = (await rows(join(roots.etc, 'passwd'))).find(([each]) => each === name)
  const [, , uid, gid] = account ?? []
  if (uid === undefined || gid === undefined) return undefined
  const groups = (await groupRows(roots)).filter(({ members }) => members.includes(name)).map(({ id }) => id)
  return { name, uid: Number(uid), groups: [Number(gid), ...groups] }
}

interface Group {
  readonly name: string
  readonly id: number
  readonly members: readonly string[]
}

const groupOf = async (roots: PortRoots, gid: number) => (await groupRows(roots)).find(({ id }) => id === gid)

async function groupRows(roots: PortRoots): Promise<Group[]> {
  return (await rows(join(roots.etc, 'group'))).map(([name = '', , id, members = '']) => ({
    name,
    id: Number(id),
    members: members.split(','),
  }))
}

const rows = async (file: string) => ((await textOf(file)) ?? '').split('\n').map((line) => line.split(':'))
