# A small image with nothing in it but the program: no shell, no package manager, no user but its own.
#
#   docker build --tag segmenta .
#   docker run --read-only --cap-drop ALL --security-opt no-new-privileges \
#       --publish 127.0.0.1:8000:8000 --volume segmenta:/data segmenta
#
# docs/operations.md says more.

FROM docker.io/library/node:22-bookworm-slim AS node
FROM docker.io/library/rust:1.95-bookworm AS build

# The page is built with Node.js while the program is compiled.
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm

WORKDIR /src
COPY . .
RUN cargo build --locked --release \
    && install -D target/release/segmenta /image/usr/local/bin/segmenta \
    && install -d -o 65532 -g 65532 /image/data

# Only what a program in Rust with a little C needs: the C library and a user who is not root.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build --chown=root:root /image/usr /usr
COPY --from=build --chown=65532:65532 /image/data /data

ENV SEGMENTA_ADDR=0.0.0.0:8000 \
    SEGMENTA_DATA_DIR=/data
VOLUME /data
EXPOSE 8000
USER 65532:65532
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s CMD ["/usr/local/bin/segmenta", "healthcheck"]
ENTRYPOINT ["/usr/local/bin/segmenta"]
CMD ["serve"]
