# A static binary in an empty image, run by nobody (uid 65534).
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=container
RUN VERSION=$VERSION ./scripts/build /out/passerelle && mkdir -p /out/data /out/tmp

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/passerelle /passerelle
COPY --from=build --chown=65534:65534 /out/data /data
COPY --from=build --chown=65534:65534 /out/tmp /tmp
USER 65534:65534
ENV PASSERELLE_LISTEN=0.0.0.0:8080 PASSERELLE_DATA_DIR=/data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["/passerelle", "probe", "http://127.0.0.1:8080/readyz"]
ENTRYPOINT ["/passerelle"]
CMD ["serve"]
