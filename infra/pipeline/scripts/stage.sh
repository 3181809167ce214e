# Takes the release role of a stage. STAGE is its name, ACCOUNT the number of its account.
stage="tma-$STAGE"
credentials=$(aws sts assume-role --role-session-name tma-pipeline \
  --role-arn "arn:aws:iam::$ACCOUNT:role/tma-access-$STAGE-release" \
  --query 'Credentials.[AccessKeyId, SecretAccessKey, SessionToken]' --output text)
read -r AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN <<< "$credentials"
export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN

parameter() {
  aws ssm get-parameter --name "/tma/$STAGE/$1" --query Parameter.Value --output text
}
