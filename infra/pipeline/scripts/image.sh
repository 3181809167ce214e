# Builds the image of this commit once, refuses known severe holes, and gives it by digest, with its bill of
# materials. REPOSITORY is host/name, COMMIT the commit; BASE and BUILD are the images it is made of, by digest.
name="${REPOSITORY#*/}"

aws ecr get-login-password | docker login --username AWS --password-stdin "${REPOSITORY%%/*}"
# Tags cannot be moved: a second run of the same commit takes the image of the first.
if ! aws ecr describe-images --repository-name "$name" --image-ids "imageTag=$COMMIT" > /dev/null 2>&1; then
  docker build --file server/Dockerfile --platform linux/amd64 --tag "$REPOSITORY:$COMMIT" \
    --build-arg "BASE=$BASE" --build-arg "BUILD=$BUILD" .
  docker push "$REPOSITORY:$COMMIT"
fi

aws ecr wait image-scan-complete --repository-name "$name" --image-id "imageTag=$COMMIT"
severe=$(aws ecr describe-image-scan-findings --repository-name "$name" --image-id "imageTag=$COMMIT" \
  --query 'imageScanFindings.findingSeverityCounts.[CRITICAL, HIGH]' --output text)
for count in $severe; do
  if [ "$count" != None ] && [ "$count" -gt 0 ]; then
    echo "The image has known severe holes (critical, high): $severe"
    exit 1
  fi
done

digest=$(aws ecr describe-images --repository-name "$name" --image-ids "imageTag=$COMMIT" \
  --query 'imageDetails[0].imageDigest' --output text)
mkdir -p out
printf '{"ImageUri":"%s@%s"}\n' "$REPOSITORY" "$digest" > out/image.json
# What the build wrote into the image about itself.
container=$(docker create "$REPOSITORY@$digest")
docker cp "$container:/app/bill-of-materials.cdx.json" out/bill-of-materials.cdx.json
docker cp "$container:/app/NOTICES.txt" out/NOTICES.txt
