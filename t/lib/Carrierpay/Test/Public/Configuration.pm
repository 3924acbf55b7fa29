package Carrierpay::Test::Public::Configuration;

# What nginx -t says of the examples in conf/ and of mistakes, and the
# directives with their contexts and arguments, as the sources have them.

use strict;
use warnings;

use Carrierpay::Test;
use Carrierpay::Test::Services qw(read_file root write_file);
use File::Copy qw(copy);
use File::Find qw(find);

sub run {
    my ($public) = @_;
    my $self = bless { public => $public, t => $public->{t} };

    $self->examples();
    $self->everything();
    $self->mistakes();
    $self->directives();
    $public->done('configuration', 'the configuration is as recorded');
}

sub check {
    my ($self, $name, $text) = @_;
    my $said = $self->{t}->check_configuration($text);

    $self->{public}->text($name, $said =~ s/(\]) \d+#\d+:/$1/gr
        =~ s{^\d{4}/\d\d/\d\d [\d:]+ }{}gmr);
}

sub examples {
    my ($self) = @_;
    my $t = $self->{t};
    my $load = "load_module $t->{dir}/module.so;\nevents {}\n";
    my $example = read_file(root() . '/conf/carrierpay.conf.example');

    $example =~ s{/etc/carrierpay/secrets}{$t->{root}/secrets};
    $example =~ s{/etc/carrierpay/kannel}{$t->{root}/sms.password};
    $example =~ s{/etc/ssl/certs/pay[^;]*}{$t->{root}/demo.crt};
    $example =~ s{/etc/ssl/private/pay[^;]*}{$t->{root}/demo.key};
    $example =~ s{/var/log/nginx/|/run/nginx-}{$t->{dir}/}g;
    $example =~ s{listen 80;}{listen 127.0.0.1:$t->{port}{plain};};
    $example =~ s{listen 443 }{listen 127.0.0.1:$t->{port}{tls} };
    $example =~ s{127\.0\.0\.1:8080}{127.0.0.1:$t->{port}{receiver}}g;
    $example =~ s{127\.0\.0\.1:8090}{127.0.0.1:$t->{port}{gateway}}g;
    $self->check('conf/carrierpay.conf.example',
                 "$load\nhttp {\naccess_log off;\n$example}\n");

    my $demo = read_file(root() . '/conf/demo/nginx.conf');

    $demo =~ s{\@DIR\@/ngx_\w+\.so}{$t->{dir}/module.so};
    $demo =~ s{\@DIR\@/log-json}{@{[root()]}/conf/log-json};
    $demo =~ s{\@DIR\@}{$t->{dir}}g;
    $demo =~ s{\@RUN\@}{$t->{root}}g;
    $demo =~ s{\@SMS\@}{kannel sandbox}g;
    $demo =~ s{\Q$t->{root}\E/sms/messages}{$t->{dir}/messages};
    $demo =~ s{listen 127\.0\.0\.1:8080}{listen 127.0.0.1:$t->{port}{plain}};
    $demo =~ s{listen 127\.0\.0\.1:8443}{listen 127.0.0.1:$t->{port}{tls}};
    $self->check('conf/demo/nginx.conf', $demo);
    $self->france($load);
}

sub france {
    my ($self, $load) = @_;
    my $t = $self->{t};
    my $table = read_file(root() . '/conf/france.conf.example');
    my $dir = "$t->{dir}/fr";
    my $n = 0;

    mkdir($dir);
    write_file("$dir/$1.prefixes", sprintf("prefix 336%03d;\n", ++$n))
        while $table =~ /include\s+\S*?(\w+)\.prefixes;/g;
    write_file("$dir/$1.networks", sprintf("network 198.51.100.%d/32;\n",
                                           ++$n))
        while $table =~ /include\s+\S*?(\w+)\.networks;/g;

    my $passes = join('', map { "location $_ { internal; "
                                . "proxy_pass http://127.0.0.1:9; }\n" }
                          $table =~ /pass\s+(\S+);/g);

    $self->check('conf/france.conf.example', "$load\nhttp {\n"
        . "access_log off;\n$table\nserver {\n"
        . "listen unix:$t->{dir}/check.sock;\ncarrierpay_egress;\n"
        . "$passes}\n}\n");
}

# Each directive where it is allowed, with most of its parameters

sub everything {
    my ($self) = @_;
    my $t = $self->{t};
    my $text = $t->configuration();
    my $more = read_file(root() . '/t/lib/public.conf');

    $more =~ s/\@root\@/$t->{root}/g;
    $text =~ s/(?=\n    carrierpay_operator demo_fr)/\n$more/;
    $text =~ s{(?=\n        location /egress/sms)}
              {\n        location /egress/all { internal;
               proxy_pass http://127.0.0.1:9; }};
    $text =~ s/carrierpay_egress;/carrierpay_egress calls=100;/;
    $self->check('every directive', $text);
}

# Mistakes of each kind: what is replaced, by what, and the name where it is
# not what is put in.

sub mistakes {
    my ($self) = @_;
    my $conf = $self->{t}->configuration();
    my $sandbox = $self->{t}->configuration('sandbox.conf');

    for my $case (
        ['dialect    sandbox', 'dialect    none'],
        ['dialect    sandbox;', ''],
        ['currency   EUR', 'currency   EUX'],
        ['country    FR', 'country    FRA'],
        ['country    FR;', 'country FR; country FR;'],
        ['country    FR;', 'colour red;'],
        ['enrichment on;', 'enrichment maybe;'],
        ['enrichment on;', 'enrichment on peer=header;'],
        ['enrichment on;', 'enrichment on peer=real_ip;'],
        ['127.0.0.2/32', '127.0.0.300/32'],
        ['127.0.0.3/32', '127.0.0.2/32'],
        ['carrierpay_operator demo_cm', 'carrierpay_operator demo_fr'],
        ['header     X-MSISDN;', 'header X-MSISDN format=rot13;'],
        ['numbering  33 len=9', 'numbering  33 len=90'],
        ['numbering  33 len=9', 'numbering  33 size=9'],
        ['limit      transaction=50.00', 'limit transaction=50.001'],
        ['limit      transaction=50.00', 'limit day=50.00'],
        ['type     light', 'type heavy'],
        ['billing  on;', 'billing perhaps;'],
        ['sms sandbox;', 'sms nobody;'],
        ['language fr', 'language french'],
        ['price      0.045 EUR', 'price 0.045 EUX'],
        ['report     id=m', 'report id=m colour=red'],
        ['success    202', 'success 20'],
        ['pass       /egress/sandbox', 'pass       /egress/none'],
        ['redis.sock timeout=2s', 'redis.sock timeout=x', 'timeout=x'],
        ['host=/', 'host=localhost port=1 host=/'],
        ['carrierpay_secrets    /', 'carrierpay_secrets /none/'],
        ['zone=carrierpay:1m', 'zone=carrierpay:1k'],
        ['/egress/webhook;', '/none;'],
        ['127.0.0.0/8', '127.0.0.0/99'],
        ['carrierpay_egress;', ''],
        ['carrierpay_egress;', 'carrierpay_egress calls=none;'],
        ['proxy_http_version  1.1;',
         'proxy_http_version 1.1; proxy_next_upstream error non_idempotent;'],
        ['proxy_http_version  1.1;',
         'proxy_http_version 1.1; proxy_buffering off;'],
        ['settle 6s', 'settle 5s'],
        ['zone=sandbox:1m', 'zone=sandbox:1m moves=0011:20897'],
        ['rate=1r/h', 'rate=1r/y'],
        ['carrierpay_confirm_after  0', 'carrierpay_confirm_after soon'],
        ['carrierpay_api;', 'carrierpay_api; carrierpay_api;'],
        ['carrierpay_api;', 'carrierpay_api on;'],
        ['tls=off', 'tls=perhaps'],
        ['@END', "carrierpay_zone zone=other:1m;\n"],
    ) {
        my ($from, $to, $name) = @$case;
        my ($wrong) = grep { /\Q$from\E/ }
                      $conf =~ s/(?=\n    carrierpay_operator demo_fr)/\@END/r,
                      $sandbox or die "no \"$from\"\n";

        $wrong =~ s/\Q$from\E/$to/;
        $wrong =~ s/\@END//;
        $name //= $to eq '' ? "no $from" : $to =~ s/\s*\z//r;
        $self->check($name, $wrong);
    }
}

# Entries of the tables of directives, with nginx's own flags: its contexts,
# and how many arguments there may be.

sub directives {
    my ($self) = @_;
    my $sources = '';
    my @files;

    find({ no_chdir => 1, wanted => sub { push(@files, $_) if /\.[ch]$/ } },
         map { root() . "/$_" } qw(ngx_carrierpay lua-free-handlers));
    $sources .= read_file($_) for sort(@files);

    my @found;

    while ($sources =~ /\{ \s* ngx_string\("(\w+)"\), \s*
                        ([A-Z0-9_|\s]*NGX_CONF_[A-Z0-9_|\s]*),/gx)
    {
        my ($name, $flags) = ($1, $2);
        my @flags = grep { !/_CARRIERPAY_/ } split(/[|\s]+/, $flags);

        push(@found, join(' ', $name, sort(@flags)));
    }

    $self->{public}->set('directives with their flags', @found);
    $self->{public}->set('names that begin with carrierpay_',
        $sources =~ /ngx_string\("(carrierpay_\w+)"\)/g);
}

1;
