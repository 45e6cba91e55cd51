package fingerprint

import "strings"

// javaLibraries are package prefixes of the JDK, of JVM languages and of widely used frameworks: a printed class does not say where it
// was loaded from.
var javaLibraries = set(strings.Fields(javaRuntimes + javaFrameworks)...)

const (
	javaRuntimes = `
java javax jakarta jdk sun com.sun com.oracle.svm org.graalvm kotlin kotlinx scala groovy groovyjarjarasm org.codehaus.groovy clojure
android androidx dalvik libcore com.android.internal com.ibm.ws
`
	javaFrameworks = `
akka ch.qos com.amazonaws com.azure com.codahale com.datastax com.esotericsoftware com.fasterxml com.github.benmanes com.google
com.googlecode com.intellij com.linecorp com.microsoft.azure com.microsoft.sqlserver com.mongodb com.mysql com.netflix com.rabbitmq
com.sendgrid com.squareup com.typesafe com.zaxxer feign freemarker graphql io.confluent io.dropwizard io.github.resilience4j io.grpc
io.helidon io.jsonwebtoken io.ktor io.lettuce io.micrometer io.micronaut io.netty io.opentelemetry io.projectreactor io.prometheus
io.quarkus io.r2dbc io.reactivex io.smallrye io.swagger io.undertow io.vavr io.vertx junit liquibase lombok net.bytebuddy net.sf
net.sourceforge okhttp3 okio oracle.jdbc org.apache org.aspectj org.assertj org.bouncycastle org.eclipse org.elasticsearch org.flywaydb
org.glassfish org.gradle org.h2 org.hamcrest org.hibernate org.infinispan org.jboss org.jetbrains org.joda org.jooq org.json org.junit
org.mariadb org.mockito org.mongodb org.mozilla org.mybatis org.objectweb org.postgresql org.quartz org.reactivestreams org.redisson
org.scalatest org.slf4j org.springframework org.testcontainers org.testng org.thymeleaf org.webjars org.wildfly org.xerial org.yaml
play.api play.core reactor redis.clients retrofit2 rx software.amazon.awssdk dev.langchain4j worker.org.gradle zipkin2
`
)
