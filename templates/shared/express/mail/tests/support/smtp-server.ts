import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { after } from "node:test";
import { setTimeout as wait } from "node:timers/promises";

/** A mail server that keeps what it gets. It takes `delay` ms over each mail, and refuses those to `refused`. */
export async function startSmtpServer({ delay = 0, refused = "" } = {}) {
  const mails: string[] = [];
  const server = createServer((socket) => converse(socket).catch(() => socket.destroy()));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  after(() => void server.close());

  async function converse(socket: Socket): Promise<void> {
    const reply = (line: string) => socket.write(`${line}\r\n`);
    let mail: string[] | null = null;
    reply("220 mail.test");
    for await (const line of createInterface(socket)) {
      if (mail && line !== ".") {
        mail.push(line);
      } else if (mail) {
        await wait(delay);
        mails.push(mail.join("\n"));
        mail = null;
        reply("250 kept");
      } else if (line === "DATA") {
        mail = [];
        reply("354 go on");
      } else if (refused && line.startsWith(`RCPT TO:<${refused}>`)) {
        reply(`550 no mailbox ${refused}`);
      } else {
        reply("250 fine");
      }
    }
  }
  return { mails, url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
