import fc from 'fast-check'

// A change must not fail for what another one did: `npm test` tries the same cases each time. `npm run torture` tries new ones
// and prints the seed, and PROPERTY_SEED repeats them.
fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 20200203) })
