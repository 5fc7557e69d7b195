export function Setup({ token }: { token: string }) {
  return <main class="alone">{token}</main>;
}
