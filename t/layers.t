#!/usr/bin/perl

# The house: what lies in which layer, who may look at whom, and who alone
# speaks to the outside. It first shows that each rule does find a breach.

use strict;
use warnings;

use File::Basename;
use File::Find;
use FindBin;
use Test::More;

my $root = "$FindBin::Bin/..";

# a layer may include those before it

my @layers = (
    'ngx_carrierpay/base',
    'ngx_carrierpay/io',
    'ngx_carrierpay/core',
    'ngx_carrierpay/operators',
    'lua-free-handlers',
);

# who alone may include a library

my %owners = (
    'libpq-fe.h' => qr{^ngx_carrierpay/io/ngx_carrierpay_pq_conn\.c$},
    'hiredis/'   => qr{^ngx_carrierpay/io/ngx_carrierpay_redis\.c$},
    'curl/'      => qr{^ngx_carrierpay/io/ngx_carrierpay_smtp_conn\.c$},
    'openssl/'   => qr{^ngx_carrierpay/base/ngx_carrierpay_crypto\.c$},
    'ngx_http.h' => qr{^ngx_carrierpay/io/ngx_carrierpay_egress(_\w+)?\.[ch]$
                     | ^lua-free-handlers/}x,
);

# what base knows of nginx: types and macros

my $base_includes = qr/^(ngx_config|ngx_core|ngx_carrierpay_\w+)\.h$/;

my $base_calls = qr/ malloc | calloc | realloc | strdup | strndup | free |
    ngx_p?n?c?alloc | ngx_pcalloc | ngx_pnalloc | ngx_log_\w+ | read | write |
    open | fopen | connect | send | recv | poll /x;

my $ledger = qr/ payment | payment_due | journal | account | contract |
    subscriber | pseudonym | event | outbox | outbox_dead /x;

my $writes_ledger = qr/ \b (
        insert \s+ into \s+ (?:carrierpay\.)? $ledger \b
      | update \s+ (?:only \s+)? (?:carrierpay\.)? $ledger \s+
            (?:as \s+ \w+ \s+ | (?!set\b) \w+ \s+)? set \b
      | delete \s+ from \s+ (?:only \s+)? (?:carrierpay\.)? $ledger \b
      | truncate \s+ (?:table \s+)? (?:only \s+)? (?:carrierpay\.)? $ledger \b
      | copy \s+ (?:carrierpay\.)? $ledger \b [^;]* \b from \b
    ) /xi;

# heuristics, applied to what stands between quotes

my $sql = qr/ \b ( select \s .* \b (?:from|carrierpay\.)
                 | insert \s+ into | delete \s+ from | update \s .* \b set \b
                 | begin\s*; | commit\s*; | carrierpay\.\w+ \s* \( ) /xi;

my $redis = qr/ ^ ( (?: SET | GET | GETDEL | GETEX | DEL | UNLINK | INCR |
        DECR | P?EXPIRE | HSET | HGET | HDEL | PUBLISH | SUBSCRIBE | XADD |
        AUTH | SELECT ) \s+ (?:%|[a-z]+:)
      | (?: GETDEL | PEXPIRE | UNLINK | EVALSHA ) $ ) /x;


self_test();

my %files = map { $_ => slurp($_) } files();
my @found = breaches(\%files);

for my $rule (rules()) {
    my @of_rule = grep { $_->[0] eq $rule } @found;

    ok(!@of_rule, $rule)
        or diag(join "\n", map { "$_->[1]: $_->[2]" } @of_rule);
}

cmp_ok(scalar(grep { /\.c$/ && defined layer($_) } keys %files), '>', 8,
       'there was something to look at');

done_testing();


###############################################################################


sub files {
    my @files;

    find({
        no_chdir => 1,
        preprocess => sub {
            return grep { !/^(\.git|build|run|node_modules)$/ } @_;
        },
        wanted => sub {
            push @files, substr($_, length("$root/")) if -f $_ && !-l $_;
        },
    }, $root);

    return @files;
}


sub slurp {
    my ($file) = @_;

    open my $in, '<:raw', "$root/$file" or die "$file: $!";
    local $/;
    my $text = <$in>;

    return $text // '';
}


sub layer {
    my ($file) = @_;

    for my $i (0 .. $#layers) {
        return $i if index($file, "$layers[$i]/") == 0;
    }

    return undef;
}


sub includes {
    my ($text) = @_;

    return without_comments($text) =~ /^\s*#\s*include\s*[<"]([^>"]+)[>"]/mg;
}


sub without_comments {
    my ($text) = @_;

    $text =~ s{ /\* .*? \*/ | ( "(?: [^"\\\n] | \\. )*" ) }{ $1 // ' ' }gsex;

    return $text;
}


# the contents of string literals; neighbours are one, as for the compiler

sub literals {
    my ($text) = @_;

    $text = without_comments($text);
    $text =~ s/^\s*#\s*include.*$//mg;
    $text =~ s/"\s*"//g;

    return $text =~ /"((?:[^"\\\n]|\\.)*)"/g;
}


sub code {
    my ($text) = @_;

    $text = without_comments($text);
    $text =~ s/"(?:[^"\\\n]|\\.)*"/""/g;

    return $text;
}


###############################################################################


my %rules;

sub rules {
    %rules = (
        'includes lead downwards'               => \&downwards,
        'headers include each other in no circle' => \&circles,
        'each library has one owner'            => \&owned,
        'base is pure'                          => \&pure,
        'requests stay with egress and handlers' => \&requests,
        'handlers hold no SQL and no Redis command' => \&handlers,
        'money moves in sql/ alone'             => \&money,
        'no Lua'                                => \&lua,
    ) if !%rules;

    return sort keys %rules;
}


# [rule, file, what], for all rules over the files given

sub breaches {
    my ($files) = @_;

    my @found;

    for my $rule (rules()) {
        push @found, map { [$rule, @$_] } $rules{$rule}->($files);
    }

    return @found;
}


# our sources: name of the file => layer; headers by what includes say

sub sources {
    my ($files) = @_;

    return sort grep { /\.[ch]$/ && defined layer($_) } keys %$files;
}


sub headers {
    my ($files) = @_;

    return map { basename($_) => $_ } grep { /\.h$/ } sources($files);
}


sub downwards {
    my ($files) = @_;

    my @found;
    my %headers = headers($files);

    for my $file (sources($files)) {
        for my $include (includes($files->{$file})) {
            my $header = $headers{basename($include)};

            if (defined $header && layer($header) > layer($file)) {
                push @found, [$file, "includes $header"];
            }
        }
    }

    return @found;
}


sub circles {
    my ($files) = @_;

    my (@found, %done);
    my %headers = headers($files);
    my $visit;

    $visit = sub {
        my ($header, @path) = @_;

        if (grep { $_ eq $header } @path) {
            push @found, [$header, join ' -> ', @path, $header];
            return;
        }

        return if $done{$header};

        for my $include (includes($files->{$header})) {
            my $next = $headers{basename($include)};
            $visit->($next, @path, $header) if defined $next;
        }

        $done{$header} = 1;
    };

    $visit->($_) for sort values %headers;

    return @found;
}


sub owned {
    my ($files) = @_;

    my @found;

    for my $file (sources($files)) {
        for my $include (includes($files->{$file})) {
            for my $library (sort keys %owners) {
                next if index($include, $library) != 0;
                next if $file =~ $owners{$library};

                push @found, [$file, "includes $include"];
            }
        }
    }

    return @found;
}


sub pure {
    my ($files) = @_;

    my @found;

    for my $file (grep { layer($_) == 0 } sources($files)) {
        my $code = code($files->{$file});

        push @found, map { [$file, "includes $_"] }
            grep { /^ngx_/ && !/$base_includes/ } includes($files->{$file});

        push @found, map { [$file, "calls $_()"] }
            $code =~ /(?<![\w.>])($base_calls)\s*\(/g;

        push @found, map { [$file, "static that changes: $_"] }
            grep { !/\bconst\b/ } $code =~ /^\s*(static [^(){};=]+[;=])/mg;
    }

    return @found;
}


sub requests {
    my ($files) = @_;

    my @found;

    for my $file (sources($files)) {
        next if $file =~ $owners{'ngx_http.h'};

        push @found, [$file, 'knows of ngx_http_request_t']
            if code($files->{$file}) =~ /\bngx_http_request_(t|s)\b/;
    }

    return @found;
}


sub handlers {
    my ($files) = @_;

    my @found;

    for my $file (grep { layer($_) == $#layers } sources($files)) {
        for my $literal (literals($files->{$file})) {
            push @found, [$file, "\"$literal\""]
                if $literal =~ $sql || $literal =~ $redis;
        }
    }

    return @found;
}


# the tests of the schema and of the service look for refusals, so they may

sub money {
    my ($files) = @_;

    my @found;

    for my $file (sort keys %$files) {
        next if $file =~ m{^(sql|docs|t/sql|t/lib|t/browser)/
                           | ^t/\w+\.t$ | \.md$}x;

        my @texts = $file =~ /\.[ch]$/ ? literals($files->{$file})
                                       : $files->{$file};

        push @found, map { [$file, $_] } map { /$writes_ledger/g } @texts;
    }

    return @found;
}


# its comparison with others may hold some

sub lua {
    my ($files) = @_;

    return map { [$_, 'is Lua'] }
        grep { /\.lua$/ && !m{^t/bench/} } sort keys %$files;
}


###############################################################################


sub self_test {
    my $base = 'ngx_carrierpay/base/ngx_carrierpay';
    my $io = 'ngx_carrierpay/io/ngx_carrierpay';
    my $core = 'ngx_carrierpay/core/ngx_carrierpay';
    my $handler = 'lua-free-handlers/ngx_http_carrierpay';

    my %good = (
        "${base}_id.h"      => "#include <ngx_core.h>\n",
        "${base}_id.c"      => "#include <ngx_carrierpay_id.h>\n"
            . "static const int  a = 1;\nstatic int f(void);\n",
        "${base}_crypto.c"  => "#include <openssl/evp.h>\n",
        "${io}_pq.h"        => "#include <ngx_carrierpay_id.h>\n",
        "${io}_pq_conn.c"   => "#include <libpq-fe.h>\n",
        "${io}_redis.c"     => "#include <hiredis/async.h>\n",
        "${io}_smtp_conn.c" => "#include <curl/curl.h>\n",
        "${io}_egress.h"    => "#include <ngx_http.h>\nngx_http_request_t *r;",
        "${io}_pq.c"        => "#include <ngx_carrierpay_pq_conn.h>\n",
        "${core}_ledger.h"  => "/* looks at flow */\n",
        "${core}_ledger.c"  => "#include <ngx_carrierpay_pq.h>\n"
            . "#include <ngx_carrierpay_flow.h>\n"
            . 's = "select * from carrierpay.payment_get($1)";',
        "${core}_flow.h"    => "/* ngx_http_request_t is not ours */\n",
        "${handler}_api.c"  => "#include <ngx_http.h>\n"
            . "#include <ngx_carrierpay_ledger.h>\n"
            . 's = "GET"; t = "select one of them"; u = "update";',
        'sql/deploy/a.sql'  => 'insert into journal values (1)',
        't/bench/a.lua'     => '',
        'conf/demo/run'     => 'echo update payment, then insert into it',
    );

    is_deeply([breaches(\%good)], [], 'a good house is good');

    my @bad = (
        ['includes lead downwards', "${base}_id.c",
            '#include <ngx_carrierpay_pq.h>'],
        ['includes lead downwards', "${io}_pq_conn.c",
            '# include "ngx_carrierpay_flow.h"'],
        ['headers include each other in no circle', "${base}_id.h",
            '#include <ngx_carrierpay_id.h>'],
        ['headers include each other in no circle', "${core}_ledger.h",
            "#include <ngx_carrierpay_flow.h>",
            "${core}_flow.h", "#include <ngx_carrierpay_ledger.h>"],
        ['each library has one owner', "${core}_ledger.c",
            '#include <libpq-fe.h>'],
        ['each library has one owner', "${io}_pq.h", '#include <libpq-fe.h>'],
        ['each library has one owner', "${io}_pq_conn.c",
            '#include <hiredis/hiredis.h>'],
        ['each library has one owner', "${io}_smtp.h",
            '#include <curl/curl.h>'],
        ['each library has one owner', "${handler}_api.c",
            '#include <openssl/sha.h>'],
        ['each library has one owner', "${core}_flow.c",
            '#include <ngx_http.h>'],
        ['base is pure', "${base}_id.c", '#include <ngx_event.h>'],
        ['base is pure', "${base}_id.c", 'p = ngx_palloc(pool, 1);'],
        ['base is pure', "${base}_id.c", 'p = malloc(1);'],
        ['base is pure', "${base}_id.c", "static int  cache;\n"],
        ['requests stay with egress and handlers', "${core}_flow.h",
            'ngx_http_request_t  *r;'],
        ['handlers hold no SQL and no Redis command', "${handler}_api.c",
            's = "select id from merchant";'],
        ['handlers hold no SQL and no Redis command', "${handler}_api.c",
            "s = \"insert \"\n \"into x\";"],
        ['handlers hold no SQL and no Redis command', "${handler}_api.c",
            's = "carrierpay.payment_get($1)";'],
        ['handlers hold no SQL and no Redis command', "${handler}_api.c",
            's = "SET %b %b NX PX 120000";'],
        ['handlers hold no SQL and no Redis command', "${handler}_api.c",
            's = "GETDEL";'],
        ['money moves in sql/ alone', "${core}_ledger.c",
            's = "update payment set state = 1";'],
        ['money moves in sql/ alone', "${core}_ledger.c",
            's = "INSERT INTO carrierpay.journal VALUES (1)";'],
        ['money moves in sql/ alone', 'conf/demo/run',
            "psql -c 'delete from only event'"],
        ['money moves in sql/ alone', 't/bench/a.js',
            '`update carrierpay.payment_due as d set due_at = 1`'],
        ['money moves in sql/ alone', 't/bench/a.js',
            '`copy journal from stdin`'],
        ['no Lua', 'conf/a.lua', ''],
    );

    for my $case (@bad) {
        my ($rule, %changes) = @$case;
        my %files = %good;

        $files{$_} = ($files{$_} // '') . "\n$changes{$_}\n"
            for keys %changes;

        my ($words) = sort values %changes;

        ok((grep { $_->[0] eq $rule } breaches(\%files)), "$rule: $words");
    }
}
