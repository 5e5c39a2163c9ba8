/** What this platform is called: `linux-x64-gnu`. So are the files and the packages for each. */
export function platform(): string {
  const { platform, arch } = process
  switch (platform) {
    case 'linux':
      return `linux-${arch}-${hasGlibc() ? 'gnu' : 'musl'}`
    case 'win32':
      return `win32-${arch}-msvc`
    default:
      return `${platform}-${arch}`
  }
}

function hasGlibc(): boolean {
  const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined
  return report?.header?.glibcVersionRuntime !== undefined
}
