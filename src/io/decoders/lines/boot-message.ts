/** How boot and log lines of ESP32 and ESP8266 boards start. */
const BOOT =
  /^\s*(?:ets [A-Z][a-z]{2} |ESP-ROM:|Build:|rst:0x|configsip:|SPIWP:|clk_drv:|mode:D|mode:Q|load:?0x|load 0x|entry 0x|ho \d|csum |tail \d|chksum |boot: |[EWIDV] \(\d+\) (?:boot|esp_image|cpu_start|heap_init|spi_flash|esp_psram|app_init|efuse_init|main_task|wifi|wifi_init|phy_init|system_api|pp|net80211|gpio|uart|sleep|efuse|app_start|coexist|esp_netif)[\w-]*:|Brownout detector|Backtrace:|Rebooting|Guru Meditation|SHA-256|Saved PC|core dump|flash )/i;

/** Whether a line is a boot message of a board, not a reading. */
export function isBootMessage(line: string): boolean {
  return BOOT.test(line);
}
