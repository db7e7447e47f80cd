"""The warnings of `sim.config.check` and `sim.model.preflight.validation`, as they stand there and in Chinese.

The English is what follows "found" in a line; a test makes each of them and wants it translated.
"""

WARNINGS = (
    ("{what}, outside its prior range {range} ({source}); in percentage points: is {meant} meant?",
     "取值 {what}，超出先验范围 {range}（来源：{source}）；单位为百分点，是否应为 {meant}？"),
    ("a run of {years} years, from {start} to {end}; rates are those of decades, are both dates meant?",
     "模拟长达 {years} 年（{start} 至 {end}）；各项速率只适用于几十年，两个日期是否有误？"),
    ("{date}, {years} years before the run, which starts on {start}; is this year meant?",
     "{date}，早于模拟期初（{start}）{years} 年，年份是否有误？"),
    ("{what}, outside its prior range {range} ({source})", "取值 {what}，超出先验范围 {range}（来源：{source}）"),
    ("{count}, outside the region's range {range}", "取值 {count}，超出区域数据的范围 {range}"),
    ("a table without effect, peers.form is {form}", "该表无作用：peers.form 为 {form}"),
    ("{count} quarters, all of it is open before the run", "{count} 个季度，但该线路在模拟开始前已全部开通"),
    ("{date}, after the run, which ends on {end}", "{date}，晚于模拟期末（{end}）"),
    ("{count} years, nothing is built before the run ends on {end}", "{count} 年，模拟期末（{end}）前不会建成"),
    ("{date}, before the run, which starts on {start}; only its last effects are left",
     "{date}，早于模拟期初（{start}），只剩最后的影响"),
    ("{count} years, counted from the policy's start this ends after the run, which ends on {end}",
     "{count} 年，从政策开始算起，到模拟期末（{end}）尚未完全显现"),
    ("{count} years, counted from the policy's end this ends after the run, which ends on {end}",
     "{count} 年，从政策退出算起，到模拟期末（{end}）尚未完全消退"),
    ("a key without effect, {instrument} does not use it", "该键无作用，工具 {instrument} 不使用它"),
    ("{instrument} without effect, peers.decay = 0: nobody counts peers at other sites",
     "工具 {instrument} 无作用：peers.decay = 0，其他地点的企业不计入集聚"),
    ("a bundle worth {worth} in place of recorded components that are worth more to the mean enterprise, at {sites}, "
     "choose other sites; switches.statuses = false leaves the records out",
     "政策包的价值为 {worth}，在下列地点取代了对平均企业价值更高的已有分项：{sites}；可另选地点，"
     "或用 switches.statuses = false 不计已有制度"),
    ("a capacity of {factor} times the base year's floor at {site}, less than stands there: rents will clear above "
     "the base year's; raise land.slack or take away less",
     "{site} 的容量为基年楼面的 {factor} 倍，少于现有楼面：租金将高于基年；可提高 land.slack 或减少收紧"),
    ("{share}, no l_r in [0.01, 1] meets it: {found} register apart; change registration.substance or "
     "registration.distance",
     "{share}，[0.01, 1] 内没有 l_r 能满足：异地登记占 {found}；可调整 registration.substance 或 "
     "registration.distance"),
    ("{name}, a regime without effect, known are {names}", "{name} 是无作用的制度，已知的有 {names}"),
    ("{name}, a regime without effect, did you mean {near}?", "{name} 是无作用的制度，是否指 {near}？"),
)
