/** Where Debian's package puts its parts. */
export const KAMAILIO_SCHEMA = '/usr/share/kamailio/db_redis/kamailio';

export interface KamailioConfig {
  readonly sipPort: number;
  readonly redisPort: number;
  readonly workers: number;
  /** Phones may have that many bindings. */
  readonly contacts: number;
}

/**
 * A registrar with digest that writes each binding through to Redis, and a stateful, record-routing proxy for calls
 * between its phones. Passwords follow from the user name, so no table of phones is read.
 */
export function kamailioConfig({ sipPort, redisPort, workers, contacts }: KamailioConfig): string {
  return `#!KAMAILIO
debug=0
log_stderror=yes
fork=yes
children=${workers}
disable_tcp=yes
auto_aliases=no
dns=no
rev_dns=no
listen=udp:127.0.0.1:${sipPort}
loadmodule "db_redis.so"
loadmodule "pv.so"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
modparam("db_redis", "schema_path", "${KAMAILIO_SCHEMA}")
modparam("db_redis", "keys", "version=entry:table_name;location=entry:ruid&usrdom:username,domain&timer:partition,keepalive")
modparam("usrloc", "db_url", "redis://127.0.0.1:${redisPort}/0")
# 1: write-through, as the product does: the 200 is sent when Redis has the binding.
modparam("usrloc", "db_mode", 1)
modparam("registrar", "max_contacts", ${contacts})
modparam("registrar", "default_expires", 3600)
modparam("auth", "qop", "auth")
request_route {
  if (is_method("REGISTER")) {
    if (!pv_www_authenticate("$fd", "secret-of-$fU", "0")) {
      auth_challenge("$fd", "1");
      exit;
    }
    save("location");
    exit;
  }
  if (has_totag()) {
    if (loose_route() || (is_method("ACK") && t_check_trans())) { t_relay(); exit; }
    if (!is_method("ACK")) sl_send_reply("404", "Not Found");
    exit;
  }
  if (is_method("INVITE")) {
    if (!pv_proxy_authenticate("$fd", "secret-of-$fU", "0")) {
      auth_challenge("$fd", "1");
      exit;
    }
    record_route();
    if (!lookup("location")) {
      sl_send_reply("480", "Temporarily Unavailable");
      exit;
    }
    t_relay();
    exit;
  }
  if (!is_method("ACK")) sl_send_reply("200", "OK");
}
`;
}
