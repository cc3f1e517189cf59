"""A mail server that the project did not write (aiosmtpd), for the tests of crates/service.

Prints {"port": N} once it listens, then one line of JSON for each letter it took and each recipient it turned away.
Ends when its standard input ends. Recipients by their local part:
  greylisted…  451 the first time, taken the second
  full…        552
  nobody…      550
"""

import argparse
import asyncio
import base64
import json
import ssl
import sys
import warnings

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

# Authentication without TLS on loopback, and TLS handshakes that a test breaks off, are meant.
warnings.simplefilter("ignore")


def say(what):
    print(json.dumps(what), flush=True)


class Handler:
    def __init__(self):
        self.seen = set()

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        answer = None
        if address.startswith("greylisted") and address not in self.seen:
            answer = "451 4.7.1 Greylisted, try again"
        elif address.startswith("full"):
            answer = "552 5.2.2 Mailbox full"
        elif address.startswith("nobody"):
            answer = "550 5.1.1 No such user"
        self.seen.add(address)
        if answer:
            say({"turned_away": address, "with": answer})
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        login = session.auth_data.login.decode() if session.auth_data else None
        say({
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "smtputf8": bool(envelope.smtp_utf8),
            "tls": session.ssl is not None or server.transport.get_extra_info("ssl_object") is not None,
            "login": login,
            "data": base64.b64encode(envelope.content).decode(),
        })
        return "250 OK"


async def main():
    args = argparse.ArgumentParser()
    args.add_argument("--security", choices=["starttls", "tls", "none"], required=True)
    args.add_argument("--cert")
    args.add_argument("--key")
    args.add_argument("--user")
    args.add_argument("--password")
    args.add_argument("--port", type=int, default=0)
    args = args.parse_args()

    context = None
    if args.security != "none":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(args.cert, args.key)

    def authenticate(server, session, envelope, mechanism, data):
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (
            args.user.encode(), args.password.encode())
        return AuthResult(success=right, handled=False, auth_data=data if right else None)

    loop = asyncio.get_running_loop()
    handler = Handler()

    def protocol():
        return SMTP(
            handler,
            hostname="mail.test",
            enable_SMTPUTF8=True,
            tls_context=context if args.security == "starttls" else None,
            require_starttls=args.security == "starttls",
            authenticator=authenticate if args.user else None,
            auth_required=bool(args.user),
            auth_require_tls=args.security == "starttls",
            loop=loop,
        )

    server = await loop.create_server(
        protocol, "127.0.0.1", args.port, ssl=context if args.security == "tls" else None)
    say({"port": server.sockets[0].getsockname()[1]})
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
