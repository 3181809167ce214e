# Runs the migration as a task of its own and waits for it. A failed one ends the release before anything of the
# running service was touched. Gives the number of tasks the service has now, so that deploying keeps it.
network=$(parameter service/task-network)
task=$(aws ecs run-task --cluster "$stage" --task-definition "$stage-migrate" --launch-type FARGATE \
  --network-configuration "$network" --started-by pipeline --query 'tasks[0].taskArn' --output text)
if [ "$task" = None ]; then
  echo "The migration could not be started."
  exit 1
fi
echo "Migration: $task"

look() {
  aws ecs describe-tasks --cluster "$stage" --tasks "$task" --query "$1" --output text
}
until [ "$(look 'tasks[0].lastStatus')" = STOPPED ]; do sleep "${PAUSE:-5}"; done

code=$(look 'tasks[0].containers[0].exitCode')
if [ "$code" != 0 ]; then
  echo "The migration failed ($code): $(look 'tasks[0].stoppedReason')"
  aws logs get-log-events --log-group-name "/tma/$STAGE/migrate" \
    --log-stream-name "task/service/${task##*/}" --query 'events[].message' --output text || true
  exit 1
fi

desired=$(aws ecs describe-services --cluster "$stage" --services "$stage-service" \
  --query 'services[0].desiredCount' --output text)
# There is no service before the first deployment.
case "$desired" in 0 | 1 | None) desired=2 ;; esac
mkdir -p out
printf '{"DesiredCount":"%s"}\n' "$desired" > out/release.json
