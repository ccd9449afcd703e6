import { statfsSync } from 'node:fs'
import { cpus, loadavg, release, tmpdir, totalmem } from 'node:os'

/** File systems by the number Linux gives them (statfs(2)). */
const fileSystems: { readonly [type: number]: string } = {
  61267: 'ext4',
  2435016766: 'btrfs',
  1481003842: 'xfs',
  16914836: 'tmpfs, which is memory: sync times mean nothing',
  2035054128: 'overlay',
}

/** What the figures were taken on. */
export function machineFacts(): string {
  const cores = cpus()
  const model = cores[0]?.model.trim() ?? 'unknown processor'
  const memory = `${(totalmem() / 2 ** 30).toFixed(1)} GiB`
  const { type } = statfsSync(tmpdir())
  const disk = fileSystems[type] ?? `file system ${type.toString(16)}`
  return [
    `${cores.length} × ${model}, ${memory}; ${process.platform} ${release()} ${process.arch}; Node ${process.versions.node}`,
    `data in ${tmpdir()}: ${disk}`,
  ].join('\n')
}

/** Mean number of programs that wanted a core in the last minute. The bench itself is worth about one. */
export function load(): number {
  return loadavg()[0] ?? 0
}
