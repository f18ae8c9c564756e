import { InvalidField } from "../errors/input.js";
import { isDigits } from "../units/integers.js";

/** Where something listens; loopback if only a port is given. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** Read PORT, HOST:PORT or [IPv6]:PORT. @throws InvalidField */
export function listenAddressOf(value: string, path: string): ListenAddress {
  const at = value.lastIndexOf(":");
  const host = at === -1 ? "127.0.0.1" : value.slice(0, at).replace(/^\[(.*)\]$/, "$1");
  const digits = value.slice(at + 1);
  const port = isDigits(digits, 5) ? Number(digits) : -1;
  if (host === "" || port < 0 || port > 65_535) {
    throw new InvalidField(path, "PORT or HOST:PORT, such as 9464 or 0.0.0.0:9464", value);
  }
  return { host, port };
}
