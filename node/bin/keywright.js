#!/usr/bin/env node
'use strict'

// The command is the native part's own; the exit status is all that is left to do here.
try {
  const { native } = require('../dist/native.js')
  process.exitCode = native.runCli(['keywright', ...process.argv.slice(2)])
} catch (error) {
  console.error([error.message, error.hint].filter(Boolean).join('\n'))
  process.exitCode = 6
}
