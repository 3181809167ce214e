# Asks the deployed service from outside what a laptop, a reporter and a stranger would meet.
laptops=$(parameter operator/domain-name)
reporters=$(parameter operator/reporting-domain-name)

status() {
  curl --silent --max-time 20 --output /dev/null --write-out '%{http_code}' "$@"
}
expect() {
  local wanted="$1" found
  shift
  found=$(status "$@") || found="no answer"
  if [ "$found" != "$wanted" ]; then
    echo "$* gave $found, not $wanted"
    exit 1
  fi
}

expect 200 --tlsv1.3 "https://$laptops/healthz"
expect 200 --tlsv1.3 "https://$laptops/readyz"
expect 301 "http://$laptops/healthz"
expect 401 --request POST --header 'content-type: application/json' --data '{}' "https://$laptops/v1/sync/pull"
expect 404 "https://$laptops/docs"
expect 404 "https://$laptops/portal/"
expect 404 "https://$reporters/v1/sync/pull"
if status --tls-max 1.2 "https://$laptops/healthz" > /dev/null; then
  echo "TLS 1.2 was accepted"
  exit 1
fi
echo "The service answers as it should."
