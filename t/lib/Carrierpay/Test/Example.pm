package Carrierpay::Test::Example;

# conf/carrierpay.conf.example as a whole configuration, with the paths and
# ports of a test.

use strict;
use warnings;

use Carrierpay::Test::Services qw(read_file root);
use Exporter qw(import);

our @EXPORT_OK = qw(example);

sub example {
    my ($t) = @_;
    my $module = Carrierpay::Test::module();
    my $text = read_file(root() . '/conf/carrierpay.conf.example');

    $text =~ s{/etc/carrierpay/secrets}{$t->{root}/secrets};
    $text =~ s{/etc/carrierpay/kannel}{$t->{root}/sms.password};
    $text =~ s{/etc/ssl/certs/pay[^;]*}{$t->{root}/demo.crt};
    $text =~ s{/etc/ssl/private/pay[^;]*}{$t->{root}/demo.key};
    $text =~ s{/var/log/nginx/|/run/nginx-}{$t->{dir}/}g;
    $text =~ s{listen 80;}{listen $t->{port}{plain};};
    $text =~ s{listen 443 }{listen $t->{port}{tls} };
    $text =~ s{127\.0\.0\.1:8080}{127.0.0.1:$t->{port}{receiver}}g;
    $text =~ s{127\.0\.0\.1:8090}{127.0.0.1:$t->{port}{gateway}}g;

    return "load_module $module;\nerror_log stderr notice;\n"
           . "events { worker_connections 4096; }\n"
           . "http {\naccess_log off;\n$text}\n";
}

1;
