#!/usr/bin/env node
'use strict'

const { delimiter, dirname } = require('node:path')

/** How whoever reads a hint can call it again: npx puts it on the PATH for no longer than one command. */
function called(program) {
  if (process.env.npm_command !== undefined) return 'npx keywright'
  const onPath = (process.env.PATH ?? '').split(delimiter).includes(dirname(program))
  return onPath ? 'keywright' : undefined
}

// The command is the native part's own; the exit status is all that is left to do here.
try {
  const { native } = require('../dist/native.js')
  const [, program, ...args] = process.argv
  process.exitCode = native.runCli([program, ...args], called(program))
} catch (error) {
  console.error([error.message, error.hint].filter(Boolean).join('\n'))
  process.exitCode = 6
}
