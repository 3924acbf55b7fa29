#!/usr/bin/perl

# Nothing that the outside sees has changed: answers of the API, pages, SMS,
# mails, webhooks, metrics, variables, keys in Redis and what nginx -t says,
# against the files of t/public. When one is to change, run this test with
# CARRIERPAY_RECORD=1, which writes them, and look at the difference.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Public;
use Carrierpay::Test::Public::Api;
use Carrierpay::Test::Public::Configuration;
use Carrierpay::Test::Public::Edges;
use Carrierpay::Test::Public::Pages;
use Carrierpay::Test::Services qw(read_file write_file);
use Carrierpay::Test::Smtp;
use Test::More;

my $smtp = Carrierpay::Test::Smtp->start();
my $log = join(',', map { "\"$_\":\"\$carrierpay_$_\"" }
    qw(request_id identity operator mvno evidence network msisdn_masked
       payment state outcome operator_time limit_status webhook_target
       webhook_host webhook_name));

my $http = 'carrierpay_smtp ' . $smtp->parameters() . ';' . <<"END" . <<'END';

    log_format public escape=json
        '{"method":"\$request_method","uri":"\$uri","status":\$status,$log}';
END
    access_log @dir@/public.log public;
    log_subrequest on;
    carrierpay_ported @root@/ported.csv;
    carrierpay_network relay 127.0.0.8/32;
    carrierpay_network vpn 127.0.0.9/32;

    carrierpay_operator demo_ask {
        title          "Demo Demande";
        country        FR;
        currency       EUR;
        mccmnc         20895;
        network        127.0.0.4/32;
        fixed_network  127.0.0.5/32;
        header         X-MSISDN X-UP-CALLING-LINE-ID;
        numbering      33 len=9 prefix=67000 trunk=0 fixed=1,2,3,4,5,9;
        dialect        sandbox;
        pass           /egress/sandbox;
        lookup_pass    /egress/sandbox timeout=2s;

        mvno ask_light {
            title    "Demo Léger";
            type     light;
            mccmnc   20894;
            billing  off;
        }
    }
END

my $t = Carrierpay::Test->start(
    sms => 1,
    http => $http,
    operator => 'timeout 3s; settle 6s; mccmnc_header X-MCCMNC;',
    sandbox => 'delay=1500ms mccmnc=20895 moved=0031:20894 moved=0032:20897',
    plain => 'location /whoami { carrierpay_self_test; }',
    tls => 'carrierpay_limit zone=public key=$http_x_limited rate=1r/h;'
           . ' carrierpay_limit zone=shared key=$http_x_shared rate=1r/h'
           . ' shared=redis;',
    keys => sub {
        my $file = $_[0] =~ s/secrets$/ported.csv/r;

        write_file($file, "33600007777,62499\n33600008888,20801\n");
        chmod(0644, $file);
    });

$t->admin(qw(operator add demo_ask Demande FR EUR --sandbox));
$t->admin(qw(contract add 1 demo_ask --share=0 --fee=0));

my $public = Carrierpay::Test::Public->new($t);

Carrierpay::Test::Public::Configuration::run($public);
Carrierpay::Test::Public::Api::run($public);
Carrierpay::Test::Public::Pages::run($public, $_) for qw(en fr);
Carrierpay::Test::Public::Edges::run($public, $smtp);

my $conf = "$t->{dir}/nginx.conf";

write_file($conf, read_file($conf)
    =~ s/confirm_after\s+\K0;/1h; carrierpay_sms_limit zone=sms key=number
         rate=1r\/d;/r);
ok($t->reload(), 'a stricter configuration');
Carrierpay::Test::Public::Pages::strict($public);
